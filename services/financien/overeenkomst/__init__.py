"""What was heard of contracts, and the lijnen (overeenkomst × gemeente × sub-segment) that follow from them."""
