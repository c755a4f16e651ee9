"""What the maker of a page or a file asks, written down with the answers.

Whatever asks the same and is answered the same makes the same: it need not be made again. Records,
tracker and moment are handed out as kinds of their own (``records``, ``clock``) that write down
each question; so nothing can be asked without being known, and nobody has to declare it.
"""
