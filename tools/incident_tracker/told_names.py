"""Every name of somebody that a tracker holds, so that none of them is told to everybody."""
