"""The stock that labels are printed on: A4 sheets in the common cuts; plain paper, cut up, does as well."""

from dataclasses import dataclass

A4_MM = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Stock:
    """`columns` x `rows` labels in the middle of a sheet, `gap_mm` between columns."""

    label_mm: tuple[float, float]
    columns: int
    rows: int
    gap_mm: float = 0.0

    def __len__(self) -> int:
        return self.columns * self.rows

    def corners(self) -> list[tuple[float, float]]:
        """The left and the lower edge of each label, in mm from the sheet's, in reading order."""
        width, height = self.label_mm
        left = (A4_MM[0] - self.columns * width - (self.columns - 1) * self.gap_mm) / 2
        top = A4_MM[1] - (A4_MM[1] - self.rows * height) / 2
        places = [(column, row) for row in range(self.rows) for column in range(self.columns)]
        return [(left + column * (width + self.gap_mm), top - (row + 1) * height) for column, row in places]

    def sheets(self, labels: int) -> int:
        """The sheets that so many labels take."""
        return -(-labels // len(self))


TEN = Stock((99.1, 57.0), 2, 5, 2.5)
"""Avery L7173 and its like."""

TWO = Stock((199.6, 143.5), 1, 2)
"""Avery L7168 and its like."""
