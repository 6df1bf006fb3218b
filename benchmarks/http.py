"""`python benchmarks/http.py MODEL_FOLDER`: see http_load.py.

Python puts this folder first on its path for every script in it, so `import http` there finds this file: it
then steps aside for the standard library's package of that name.
"""

import sys

if __name__ == "__main__":
    from http_load import main

    main()
else:
    here = __file__.rpartition("/")[0]
    sys.path[:] = [folder for folder in sys.path if folder != here]
    del sys.modules[__name__]
    import http  # noqa: F401 - takes this module's place in sys.modules
