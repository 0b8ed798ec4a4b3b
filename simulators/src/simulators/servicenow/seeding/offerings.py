"""The service catalog."""

from simulators.servicenow.seeding.rows import Rows
from simulators.world.offerings import CATALOG, OFFERINGS, Offering

AGE = 500 * 86_400.0


def add(rows: Rows) -> None:
    """The catalog, its categories, and every item with what it asks."""
    ids = rows.ids
    catalog = ids.of("sc_catalog", CATALOG)
    rows.add("sc_catalog", catalog, age=AGE, title=CATALOG, description="What employees order")
    for category in sorted({offering.category for offering in OFFERINGS}):
        rows.add("sc_category", ids.of("sc_category", category), age=AGE, title=category, sc_catalog=catalog)
    for offering in OFFERINGS:
        rows.add(
            "sc_cat_item",
            ids.of("sc_cat_item", offering.name),
            age=AGE,
            name=offering.name,
            sys_name=offering.name,
            short_description=offering.short_description,
            description=offering.description,
            category=ids.of("sc_category", offering.category),
            sc_catalogs=catalog,
            price=f"{offering.price:.2f}",
            order=str(offering.order),
            group=ids.group(offering.group),
            active="true" if offering.active else "false",
        )
        _questions(rows, offering)


def _questions(rows: Rows, offering: Offering) -> None:
    ids = rows.ids
    for place, question in enumerate(offering.questions, start=1):
        key = ids.of("item_option_new", offering.name, question.name)
        rows.add(
            "item_option_new",
            key,
            age=AGE,
            name=question.name,
            question_text=question.label,
            type=str(question.kind),
            cat_item=ids.of("sc_cat_item", offering.name),
            mandatory="true" if question.mandatory else "false",
            default_value=question.default,
            reference=question.reference,
            help_text=question.help,
            order=str(place * 100),
        )
        for number, (value, label) in enumerate(question.choices, start=1):
            rows.add(
                "question_choice",
                ids.of("question_choice", offering.name, question.name, value),
                age=AGE,
                question=key,
                text=label,
                value=value,
                order=str(number * 100),
            )
