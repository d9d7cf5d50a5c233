"""What every page is made of: layout, tables, charts, who is signed in, and how errors look.

Pages are rendered here, by the service that owns the figures; they work without script. Another service's part of a
page is fetched from there by the browser (`data-deel`), so that no service needs another to show its own.
"""
