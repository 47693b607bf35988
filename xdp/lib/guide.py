#!/usr/bin/env python3
"""Writes the files of the guide: each block of README.md that a file's name stands before, in bold, at the beginning of a paragraph.

usage: guide.py README FOLDER ROOT        ROOT is put where the guide says so
"""
import pathlib
import re
import sys


def main():
    readme, folder, root = map(pathlib.Path, sys.argv[1:])
    blocks = re.findall(r"^\*\*`([^`]+)`\*\*[^`]*?(?:`[^`]+`[^`]*?)*\n\n```\w+\n(.*?)^```$", readme.read_text(), re.M | re.S)
    for name, text in blocks:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("ROOT", str(root)))
    if len(blocks) != 5:
        sys.exit(f"the guide has {len(blocks)} files, and not 5")


if __name__ == "__main__":
    main()
