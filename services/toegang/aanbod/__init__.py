"""What toegang knows of the offer: sub-segments, contract lines and how full they are. Derived from events; it only
serves warnings and the check that a sub-segment belongs to the law of the indicatie."""
