"""The command line's entry point; `python -m tradewind` and the installed script both land here."""


def main() -> None:
    from tradewind.cli.main import run

    run()


if __name__ == "__main__":
    main()
