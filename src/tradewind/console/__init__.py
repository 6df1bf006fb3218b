"""The web pages: NiceGUI on the server's own address, showing what catalogue and services say."""
