"""Numbers as people write them: read by the rule of the language in use, and one form of them for links."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from mapcore.base.errors import ParameterError
from mapcore.base.language import decimal_sign, number_text, tr

#: Thousands parted by a comma or a space, decimals by a point.
_WITH_POINT: Final = re.compile(r"-?([0-9]{1,12}|[0-9]{1,3}([, ][0-9]{3}){1,3})(\.[0-9]{1,6})?")
#: Thousands parted by a space, decimals by a comma, or by a point as keyboards and programs have it.
_WITH_COMMA: Final = re.compile(r"-?([0-9]{1,12}|[0-9]{1,3}( [0-9]{3}){1,3})([.,][0-9]{1,6})?")
#: Thousands as English parts them, or three decimals: where a comma parts the decimals, no rule tells which.
_TWO_WAYS: Final = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")


def plain_figure(text: str) -> str:
    """
    Return a number as links hold it, such as ``1800`` or ``-19.25``, from how a person writes it.

    Where the language parts decimals with a point, a comma or a space parts thousands; where it parts them with a
    comma, a space does.

    Raises
    ------
    ParameterError
        If it is not a number of at most twelve digits and six decimals, or can be read in two ways: `1,800` is one
        and eight tenths to one reader and one thousand eight hundred to another where a comma parts decimals.
    """
    written = re.sub(r"\s", " ", text.strip()).replace("\N{MINUS SIGN}", "-")
    comma = decimal_sign() == ","
    if comma and _TWO_WAYS.fullmatch(written):
        raise ParameterError(
            tr(
                "That number can be read in two ways. Separate thousands with a space, as in {whole}, and do not "
                "write exactly three decimals, as in {decimals}."
            ).format(**_examples())
        )
    if not (_WITH_COMMA if comma else _WITH_POINT).fullmatch(written):
        raise ParameterError(tr("That is not a number; write one such as {whole} or {decimals}.").format(**_examples()))
    return written.replace(" ", "").replace(",", "." if comma else "")


def written_figure(plain: str) -> str:
    """Return a number of a link as the language in use writes it, with every digit that it has."""
    whole, _, decimals = plain.removeprefix("-").partition(".")
    text = number_text(int(whole)) + (decimal_sign() + decimals if decimals else "")
    return f"\N{MINUS SIGN}{text}" if plain.startswith("-") else text


def figure_examples() -> str:
    """Return two numbers as the language in use writes them, to show how one is typed."""
    return tr("{whole} or {decimals}").format(**_examples())


def implied_rounding(figure: str) -> float:
    """
    Return half a step of the last digit that a written number states: 500 for "5,000", 0.005 for "19.25".

    Zeros at the end of a whole number count as rounding; those after a decimal point do not.
    """
    try:
        written = Decimal(re.sub(r"[,\s]", "", figure)).as_tuple()
    except ArithmeticError as problem:
        raise _no_number(figure) from problem
    if not isinstance(written.exponent, int):
        raise _no_number(figure)
    digits = "".join(map(str, written.digits))
    zeros = len(digits) - len(digits.rstrip("0")) if written.exponent >= 0 and digits.strip("0") else 0
    return float(Decimal(5).scaleb(written.exponent + zeros - 1))


def _examples() -> dict[str, str]:
    return {"whole": number_text(5000), "decimals": number_text(19.25, 2)}


def _no_number(figure: str) -> ParameterError:
    sentence = tr("'{figure}' is not a number; write one such as {examples}")
    return ParameterError(sentence.format(figure=figure, examples="5,000, 19.25"))
