"""The command line: what the pages do, over a folder of files or a project file."""
