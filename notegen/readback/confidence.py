"""Confidence: what a sample says of the notes that were not read."""

from math import exp, lgamma

LEVEL = 0.95


def most_bad(notes: int, sampled: int, failed: int, level: float = LEVEL) -> int:
    """The upper confidence bound on how many of `notes` are bad, when `failed` of `sampled` taken at random are.

    Exact: the greatest number with which so few failures still have a chance above 1 - `level`, from the
    hypergeometric distribution (T. Wright, Exact Confidence Bounds when Sampling from Small Finite Universes, 1991).
    For large jobs without a failure it nears the rule of three, `3 * notes / sampled` (J. A. Hanley and A. Lippman-Hand, JAMA 249, 1983).
    """
    low, high = failed, notes - (sampled - failed)
    while low < high:
        middle = (low + high + 1) // 2
        if _chance(notes, middle, sampled, failed) > 1 - level:
            low = middle
        else:
            high = middle - 1
    return low


def _chance(notes: int, bad: int, sampled: int, failed: int) -> float:
    """The chance of at most `failed` bad notes among `sampled` of `notes`, of which `bad` are bad."""
    ways = _log_choices(notes, sampled)
    fewest = max(0, sampled - (notes - bad))
    return sum(
        exp(_log_choices(bad, at) + _log_choices(notes - bad, sampled - at) - ways)
        for at in range(fewest, min(failed, bad, sampled) + 1)
    )


def _log_choices(many: int, few: int) -> float:
    return lgamma(many + 1) - lgamma(few + 1) - lgamma(many - few + 1)


def sentence(notes: int, sampled: int, failed: int) -> str:
    """What was read, and what may be said of the job, in plain words."""
    if sampled >= notes:
        return f"Every one of the {notes:,} notes was read" + (
            " and all are good." if not failed else f"; {failed:,} are not good."
        )
    bound = most_bad(notes, sampled, failed)
    good = "all good" if not failed else f"{failed:,} not good"
    if not bound:
        return f"{sampled:,} of {notes:,} notes, taken at random, were read and {good}: with {LEVEL:.0%} confidence all are."
    return (
        f"{sampled:,} of {notes:,} notes, taken at random, were read and {good}: with {LEVEL:.0%} confidence "
        f"at most {bound:,} ({bound / notes:.2%}) of the job are bad."
    )
