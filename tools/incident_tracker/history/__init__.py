"""The only room that knows Git.

``repository`` runs it safely, ``revisions`` names commits, ``snapshots`` reads the files of a
commit or of the index, ``log`` tells who changed what when. GitPython reads single objects;
what walks a history or many files asks git itself, which is faster and loads nothing.
"""
