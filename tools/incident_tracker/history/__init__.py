"""The only room that knows Git.

``repository`` runs it safely, ``revisions`` names commits, ``snapshots`` reads the files of a
commit or of the index, ``comparing`` what differs between two of them. ``commits`` and ``pushing``
write: ``index`` holds Git's lock meanwhile, ``beside`` puts a change upon another branch,
``filters`` keeps commands of the configuration from running. What can be read as a file,
such as the commit that is checked out, GitPython reads; what walks histories or many objects asks
git itself, which is faster and knows every kind of repository.
"""
