"""The refusals a caller can act on: each message says where, what, and the way out."""


class MapcoreError(ValueError):
    """Base class of every refusal; the command line and the dashboard catch this and nothing else."""


class UnknownIdError(MapcoreError):
    """A proposal, line of contact or status was named that is not there."""


class DataFileError(MapcoreError):
    """A data file cannot be read, or says something that cannot be true."""


class ProposalError(DataFileError):
    """A proposal file holds a mistake; the other proposals go on working."""


class ParameterError(MapcoreError):
    """A proposal's parameter is unknown, not a number, or out of its range."""


class CRSMismatchError(MapcoreError):
    """Two layers that must share a coordinate reference system do not."""
