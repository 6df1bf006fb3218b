"""The HTTP door: parse, call one function, present. The contract is `/openapi.json`."""
