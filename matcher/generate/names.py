"""Made-up Russian names: any likeness to living people is chance."""

from __future__ import annotations

from matcher.generate.draw import BoolArray, Draw, words

_SURNAMES = words(
    "Абрамов Агафонов Баранов Белов Беляев Богданов Борисов Быков Васильев Виноградов Власов Волков Воробьёв Гаврилов "
    "Герасимов Голубев Горбунов Громов Гусев Давыдов Данилов Денисов Дорофеев Егоров Ершов Ефимов Жданов Журавлёв "
    "Зайцев Захаров Зимин Зуев Игнатов Ильин Казаков Калинин Карпов Киселёв Козлов Комаров Коновалов Крылов Кудрявцев "
    "Кузнецов Куликов Лебедев Логинов Макаров Мартынов Медведев Миронов Назаров Никитин Новиков Орлов Павлов Поляков "
    "Романов Савельев Семёнов Сидоров Соколов Соловьёв Степанов Тарасов Тихонов Уваров Ушаков Фёдоров Филатов Фомин "
    "Харитонов Цветков Чернов Шаров Широков Щербаков Юдин Яковлев"
)
_WOMEN = words(
    "Алина Алла Анастасия Анна Валентина Валерия Вера Вероника Виктория Галина Дарья Диана Ева Евгения Екатерина Елена "
    "Жанна Зинаида Ирина Карина Кира Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина "
    "Оксана Ольга Полина Раиса Светлана София Тамара Татьяна Ульяна Юлия Яна"
)
_MEN = words(
    "Александр Алексей Андрей Антон Борис Вадим Василий Виктор Владимир Георгий Глеб Денис Дмитрий Евгений Иван Игорь "
    "Кирилл Константин Максим Михаил Никита Николай Олег Павел Роман Сергей Степан Фёдор Юрий Ярослав"
)
# Stem of the patronymic: -ич and -на are added.
_FATHERS = words(
    "Александров Алексеев Андреев Антонов Артёмов Богданов Борисов Вадимов Викторов Владимиров Глебов Денисов Дмитриев "
    "Евгеньев Иванов Игорев Леонидов Максимов Михайлов Николаев Олегов Павлов Петров Романов Сергеев Степанов Тимуров "
    "Юрьев Ярославов"
)

MUNICIPALITIES = words(
    "Берёзовский Боровой Верхнереченский Вишнёвский Глинский Дубравинский Еловский Заречный Зеленогорский Ивовский "
    "Каменский Ключевской Краснополянский Лесной Луговской Малиновский Нагорный Озёрский Ольховский Полевской "
    "Приозёрный Рассветовский Речной Рябиновский Светлинский Сосновский Степной Тополиный Холмский Яблоневский"
)
REGIONS = words(
    "Белокаменская Верховская Заволжинская Залесская Звонницкая Излучинская Каменогорская Краснояружская Ладожинская "
    "Междуреченская Новоземская Ольгинская Подгорненская Полянская Прибрежная Раздольненская Светлоярская Северинская "
    "Таёжинская Туманская Устьинская Холмогорская Черноземская Ясногорская"
)


def make_names(draw: Draw, woman: BoolArray) -> list[str]:
    """Return a surname, first name and patronymic for every person."""
    size = len(woman)
    surname, women, men = draw.pick(_SURNAMES, size), draw.pick(_WOMEN, size), draw.pick(_MEN, size)
    father = draw.pick(_FATHERS, size)
    rows = zip(woman.tolist(), surname, women, men, father, strict=True)
    return [f"{s}а {w} {f}на" if is_w else f"{s} {m} {f}ич" for is_w, s, w, m, f in rows]


def short_name(name: str) -> str:
    """Return surname and initials.

    >>> short_name("Орлова Анна Ивановна")
    'Орлова А. И.'
    """
    surname, *rest = name.split()
    return " ".join([surname, *(f"{part[0]}." for part in rest)])


def municipality_name(number: int) -> str:
    """Return the name of the municipality with this number; names repeat with a number behind."""
    turn, place = divmod(number, len(MUNICIPALITIES))
    return f"{MUNICIPALITIES[place]} район" + (f" № {turn + 1}" if turn else "")


def region_name(number: int) -> str:
    """Return the name of the region with this number."""
    turn, place = divmod(number, len(REGIONS))
    return f"{REGIONS[place]} область" + (f" № {turn + 1}" if turn else "")
