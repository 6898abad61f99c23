"""Whose a line of contact is, under which terms it may be passed on, and how exact it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from mapcore.base.errors import ParameterError
from mapcore.base.language import date_text, tr
from mapcore.base.safe_text import checked

#: Error that is believed of a line whose source states none: the mean offset of the shipped line (docs/line.md).
DEFAULT_ERROR_KM: Final = 2.0
_ERROR_KM: Final = (0.0, 50.0)


@dataclass(frozen=True)
class Provenance:
    """
    What is said of where a line comes from; each line has one, and so has a whole archive of them.

    Attributes
    ----------
    source
        Who published it.
    licence
        Under which it may be passed on; "not stated" when left out.
    attribution
        The credit shown with each figure; made from source, date and licence when left out. The licence is added to one
        that does not name it.
    error_km
        Positional error believed of the line, from 0 to 50 km; ranges come from moving the line by it both ways.
    """

    source: str = ""
    licence: str = ""
    attribution: str = ""
    error_km: float = DEFAULT_ERROR_KM

    def completed(self, as_of: date) -> Provenance:
        """
        Return what is said of a line of a date, checked, with what was left out filled in.

        Raises
        ------
        ParameterError
            If nobody is named as the source, or the error is out of range.
        DataFileError
            If a text holds signs of markup or hidden ones, or is too long.
        """
        source = checked(self.source, key="source", most=200)
        if not source:
            raise ParameterError(tr("source: who published the line is missing; name it, such as 'DeepState'"))
        if not _ERROR_KM[0] <= self.error_km <= _ERROR_KM[1]:
            problem = tr("error_km: {value} is out of range; give km from {least} to {most}")
            raise ParameterError(problem.format(value=f"{self.error_km:g}", least=0, most=f"{_ERROR_KM[1]:g}"))
        licence = checked(self.licence, key="licence", most=1000) or tr("not stated")
        credit = checked(self.attribution, key="attribution")
        if not credit:
            sentence = tr("Line of contact: {source}, {date} (licence: {licence})")
            credit = sentence.format(source=source, date=date_text(as_of), licence=licence)
        elif licence not in credit:
            credit = tr("{credit} (licence: {licence})").format(credit=credit, licence=licence)
        return Provenance(source, licence, credit, float(self.error_km))
