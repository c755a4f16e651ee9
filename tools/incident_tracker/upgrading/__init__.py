"""What `init` of a version wrote, and what a newer one would write → what is to be done.

Values in, values out: which files there are is known to ``starter`` and ``releases``, and the shell
writes them.
"""
