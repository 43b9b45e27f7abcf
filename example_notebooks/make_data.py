"""Makes the data of the example notebooks again: ``python example_notebooks/make_data.py``.

Everything is drawn from fixed seeds, so the files come out the same every time.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def customers(count: int = 2000) -> Iterable[Sequence[object]]:
    """Telephone customers, some of whom leave, with the faults that such tables have."""
    draw = random.Random(20240611)
    for number in range(count):
        contract = draw.choices(["monthly", "one year", "two years"], [55, 25, 20])[0]
        tenure = min(72, int(draw.expovariate(1 / 24)) + 1)
        charge = round(draw.gauss(65, 22), 2)
        calls = draw.choices(range(7), [40, 25, 15, 9, 6, 3, 2])[0]
        payment = draw.choice(["card", "transfer", "invoice"])
        score = -1.5 + 0.02 * (charge - 65) - 0.045 * tenure + 0.5 * calls
        score += {"monthly": 1.2, "one year": -0.2, "two years": -1.3}[contract] + 0.3 * (payment == "invoice")
        churned = "yes" if draw.random() < 1 / (1 + math.exp(-score)) else "no"
        row = [f"C{number:05d}", contract, tenure, charge, payment, calls, churned]
        if draw.random() < 0.03:
            row[3] = ""  # no bill yet
        if draw.random() < 0.01:
            row[3] = -abs(charge)  # booked with the wrong sign
        if draw.random() < 0.05:
            row[1] = contract.title()  # typed by hand
        yield row
        if draw.random() < 0.01:
            yield row  # exported twice


def energy(days: int = 3 * 365) -> Iterable[Sequence[object]]:
    """Daily electricity demand of a town: a trend, a year, a week, weather, and two missing weeks."""
    draw = random.Random(20240612)
    start, weather = date(2021, 1, 1), 0.0
    for number in range(days):
        day = start + timedelta(days=number)
        weather = 0.8 * weather + draw.gauss(0, 1.5)
        temperature = 11 - 9 * math.cos(2 * math.pi * (number - 15) / 365.25) + weather
        demand = 410 + 0.03 * number + 4.5 * max(0.0, 15 - temperature) + 3 * max(0.0, temperature - 22)
        demand -= 45 * (day.weekday() >= 5) + draw.gauss(0, 8)
        missing = 500 <= number < 514
        yield [day.isoformat(), round(temperature, 1), "" if missing else round(demand, 1)]


def orders(count: int = 60) -> Iterable[Sequence[object]]:
    """Orders of a shop; row 42 has a price that was typed with a decimal comma."""
    draw = random.Random(20240613)
    for number in range(1, count + 1):
        price = f"{draw.uniform(2, 80):.2f}"
        item = draw.choice(["mug", "poster", "shirt", "book"])
        yield [number, item, draw.randint(1, 5), price.replace(".", ",") if number == 42 else price]


def main(folder: Path) -> None:
    columns = ["customer", "contract", "tenure_months", "monthly_charge", "payment", "support_calls", "churned"]
    write(folder / "data" / "customers.csv", columns, customers())
    write(folder / "data" / "energy.csv", ["day", "temperature", "demand_mwh"], energy())
    write(folder / "data" / "orders.csv", ["order", "item", "pieces", "price"], orders())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
