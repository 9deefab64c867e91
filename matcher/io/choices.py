"""Labels of the enumerated values: what drop-downs show and what a user may write instead of an identifier."""

from __future__ import annotations

from matcher.io.columns import Choice

FORMS = (
    Choice("teacher_teacher", "педагог – педагог", "teacher – teacher", ("учитель – учитель", "учитель – педагог")),
    Choice("head_teacher", "руководитель – педагог", "head – teacher", ("руководитель ОО – педагог",)),
    Choice("employer_student", "работодатель – студент", "employer – student", ("руководитель МОО – студент",)),
    Choice(
        "university_young_teacher",
        "педагог вуза (колледжа) – молодой педагог",
        "university teacher – young teacher",
        ("педагог вуза/колледжа – молодой педагог",),
    ),
    Choice("teacher_pupil", "учитель – ученик", "teacher – pupil", ("педагог – ученик",)),
    Choice("pupil_pupil", "ученик – ученик", "pupil – pupil"),
    Choice("partner_pupil", "социальный партнёр – ученик", "social partner – pupil"),
    Choice("employer_pupil", "работодатель – ученик", "employer – pupil"),
)
KINDS = (
    Choice("virtual", "виртуальное (дистанционное)", "virtual", ("виртуальное", "дистанционное")),
    Choice("group", "в группе", "in a group", ("групповое",)),
    Choice("short_term", "краткосрочное (целеполагающее)", "short-term", ("краткосрочное", "целеполагающее")),
    Choice("reverse", "реверсивное", "reverse"),
    Choice("situational", "ситуационное", "situational"),
    Choice("speed", "скоростное", "speed"),
    Choice("traditional", "традиционное (один на один)", "traditional", ("традиционное", "один на один")),
    Choice("flash", "флеш-наставничество", "flash", ("флеш", "флэш-наставничество")),
)
MODELS = (
    Choice("experienced_young", "опытный педагог – молодой специалист", "experienced teacher – young specialist"),
    Choice(
        "leader_communication",
        "лидер сообщества – педагог с затруднениями в общении",
        "community leader – teacher with communication difficulties",
        ("лидер педагогического сообщества – педагог с затруднениями в сфере коммуникации",),
    ),
    Choice(
        "innovator_conservative",
        "педагог-новатор – консервативный педагог",
        "innovator – conservative teacher",
    ),
    Choice(
        "subject_expert_novice",
        "опытный предметник – неопытный предметник",
        "subject expert – subject novice",
    ),
    Choice("subject", "по предметному принципу", "by subject"),
    Choice("young_specialist", "наставник – молодой специалист", "mentor – young specialist"),
    Choice("competence", "владеющий компетенцией – формирующий её", "owner of a competence – learner of it"),
    Choice("achiever_underachiever", "успевающий – неуспевающий", "achiever – underachiever"),
    Choice("leader_passive", "лидер – пассивный", "leader – passive"),
    Choice("peer_peer", "равный – равному", "peer – peer"),
    Choice("joint_project", "совместный проект", "joint project"),
    Choice("gifted", "учитель – одарённый ученик", "teacher – gifted pupil"),
    Choice("ovz", "учитель – ученик с ОВЗ", "teacher – pupil with special needs"),
    Choice("at_risk", "учитель – ученик группы риска", "teacher – pupil at risk"),
)
TOPICS = (
    Choice("subject_content", "предметное содержание", "subject content"),
    Choice(
        "teaching_methods", "методика обучения и преподавания", "teaching methods", ("методика", "методика обучения")
    ),
    Choice("upbringing", "воспитательная деятельность", "upbringing", ("воспитание", "воспитательная работа")),
    Choice(
        "lesson_organisation",
        "организация урочной и внеурочной деятельности",
        "lessons and activities outside lessons",
        ("организация урока",),
    ),
    Choice("psych_ped_support", "психолого-педагогическое сопровождение", "psychological and pedagogical support"),
    Choice("parents", "работа с родителями", "work with parents", ("родители",)),
    Choice(
        "additional_education",
        "связь с дополнительным образованием",
        "links with additional education",
        ("связь с системой дополнительного образования",),
    ),
    Choice("digital", "цифровые технологии", "digital technologies"),
    Choice("communication", "коммуникация", "communication", ("общение",)),
    Choice("other", "другое", "other", ("иное", "прочее")),
)
BLOCKS = (
    Choice("subject", "предметные", "subject"),
    Choice("methodical", "методические", "methodical"),
    Choice("psych_pedagogical", "психолого-педагогические", "psychological and pedagogical"),
    Choice("communicative", "коммуникативные", "communicative"),
    Choice("digital", "цифровые (ИКТ)", "digital", ("цифровые", "ИКТ")),
    Choice("normative_legal", "нормативно-правовые", "legal", ("нормативные правовые",)),
)
CATEGORIES = (
    Choice("novice", "молодой (начинающий) педагог", "novice teacher", ("молодой педагог", "молодой специалист")),
    Choice("newcomer", "новый в коллективе", "new in the organisation", ("сменивший место работы",)),
    Choice("new_position", "вступающий в новую должность", "new in the position", ("новая должность",)),
    Choice("returning", "вернувшийся после перерыва", "returning after a break", ("после перерыва",)),
    Choice("no_ped_education", "без педагогического образования", "without pedagogical education"),
    Choice(
        "experienced_new_approaches",
        "опытный, осваивающий новые подходы",
        "experienced, learning new approaches",
        ("стажист, осваивающий новые подходы",),
    ),
    Choice("deficit", "с дефицитом компетенций", "with gaps in competences"),
    Choice("post_attestation", "по итогам аттестации", "after attestation"),
    Choice("student_trainee", "студент", "student trainee"),
    Choice("pupil_gifted", "одарённый ученик", "gifted pupil", ("одарённый",)),
    Choice("pupil_motivated", "высокомотивированный ученик", "motivated pupil", ("высокомотивированный",)),
    Choice("pupil_ovz", "ученик с ОВЗ (инвалидностью)", "pupil with special needs", ("с ОВЗ", "ОВЗ", "ученик с ОВЗ")),
    Choice("pupil_at_risk", "ученик группы риска", "pupil at risk", ("группа риска", "группы риска")),
    Choice("pupil_underachieving", "неуспевающий ученик", "underachieving pupil", ("неуспевающий",)),
    Choice("pupil_passive", "пассивный ученик", "passive pupil", ("пассивный",)),
    Choice("pupil_peer", "ученик («равный – равному»)", "pupil (peer to peer)"),
    Choice("class_group", "класс", "class"),
)
PERSON_KINDS = (
    Choice("staff", "работник", "staff", ("сотрудник", "педагог")),
    Choice("retired", "вышел на пенсию", "retired", ("пенсионер", "на пенсии")),
    Choice("university", "работник вуза (колледжа)", "university or college staff", ("вуз",)),
    Choice("student", "студент", "student"),
    Choice("pupil", "ученик", "pupil", ("обучающийся",)),
    Choice("partner", "партнёр", "partner", ("представитель партнёра",)),
)
SOURCES = (
    Choice("staff", "педагог организации", "staff", ("педагог",)),
    Choice("administration", "администрация", "administration"),
    Choice("head", "руководитель", "head"),
    Choice("retired", "вышел на пенсию", "retired", ("пенсионер", "на пенсии")),
    Choice("municipal_best", "лучший педагог муниципалитета", "best of the municipality"),
    Choice("regional_best", "лучший педагог региона", "best of the region"),
    Choice("university", "вуз (колледж)", "university or college", ("вуз", "колледж")),
    Choice("employer", "работодатель", "employer"),
    Choice("social_partner", "социальный партнёр", "social partner"),
    Choice("pupil", "ученик", "pupil"),
)
MENTOR_STATUSES = (
    Choice("nominated", "предложен", "nominated"),
    Choice("approved", "утверждён", "approved"),
    Choice("available", "готов к работе", "available", ("доступен", "свободен")),
    Choice("paused", "временно не участвует", "paused", ("приостановлен",)),
    Choice("left", "выбыл", "left"),
)
APPROVALS = (
    Choice("results_confirmed", "результаты подтверждены", "results confirmed"),
    Choice("competence_level", "владение компетенцией подтверждено", "level of competence confirmed"),
    Choice("head", "руководитель", "head"),
    Choice("pedagogical_council", "педагогический совет", "pedagogical council", ("педсовет",)),
    Choice("senior_methodist", "старший методист", "senior methodist"),
    Choice("deputy_head", "заместитель руководителя", "deputy head", ("завуч", "заместитель директора")),
)
QUALIFICATIONS = (
    Choice("none", "без категории", "none", ("нет", "нет категории", "не имеет", "б/к")),
    Choice("position_fit", "соответствие занимаемой должности", "fit for the position", ("соответствие", "СЗД")),
    Choice(
        "first",
        "первая",
        "first",
        ("1", "I", "1-я", "1 категория", "I категория", "1-я категория", "первая категория"),
    ),
    Choice("highest", "высшая", "highest", ("высшая категория", "ВКК")),
    Choice("methodist", "педагог-методист", "teacher-methodist"),
    Choice("mentor_category", "педагог-наставник", "teacher-mentor"),
)
ORGANISATION_TYPES = (
    Choice("general_school", "общеобразовательная организация", "general school", ("школа", "общеобразовательная")),
    Choice("kindergarten", "дошкольная организация", "kindergarten", ("детский сад", "дошкольная")),
    Choice(
        "additional_education",
        "организация дополнительного образования",
        "additional education",
        ("дополнительного образования",),
    ),
    Choice("college", "колледж (СПО)", "college", ("СПО", "колледж")),
    Choice("university", "вуз", "university"),
    Choice("partner", "предприятие или организация-партнёр", "partner", ("партнёр", "предприятие")),
)
CONTOURS = (
    Choice("organisation", "своя организация", "own organisation", ("организация",)),
    Choice("municipality", "свой муниципалитет", "own municipality", ("муниципалитет",)),
    Choice("other_municipality", "другой муниципалитет", "another municipality"),
    Choice("region", "регион", "region"),
    Choice("federal", "федеральный уровень", "federal", ("федерация",)),
    Choice("partner", "партнёр", "partner"),
)
MODES = (
    Choice("online", "дистанционно", "online", ("онлайн",)),
    Choice("in_person", "очно", "in person", ("очный",)),
    Choice("mixed", "смешанный", "mixed", ("смешанно",)),
)
LOCK_STATUSES = (
    Choice("proposed", "предложена", "proposed"),
    Choice("agreed", "согласована советом", "agreed", ("согласована",)),
    Choice("confirmed", "согласия получены", "confirmed"),
    Choice("active", "закреплена приказом", "active", ("действует", "закреплена")),
    Choice("prolonged", "продлена", "prolonged"),
    Choice("aftercare", "наставник отходит", "aftercare", ("дистанцирование",)),
    Choice("forbidden", "запрещена", "forbidden", ("запрет",)),
)
CONSENT_PURPOSES = (
    Choice("mentoring", "участие в наставничестве", "mentoring", ("наставничество",)),
    Choice("personal_data", "обработка персональных данных", "personal data"),
    Choice("dissemination", "распространение персональных данных", "dissemination"),
)
AVAILABILITY_STATES = (
    Choice("preferred", "удобно", "preferred"),
    Choice("possible", "возможно", "possible", ("можно",)),
    Choice("not_in_building", "не в здании", "not in the building"),
    Choice("not_reachable", "недоступен", "not reachable", ("занят",)),
)
RECOMMENDATIONS = (
    Choice("recommended", "рекомендую", "recommended", ("рекомендуется",)),
    Choice("neutral", "нейтрально", "neutral"),
    Choice("not_recommended", "не рекомендую", "not recommended", ("не рекомендуется",)),
)
STUDENT_STATUSES = (
    Choice("practice", "на практике", "in practice", ("практика",)),
    Choice("employed", "работает", "employed"),
)
WEEKDAYS = (
    Choice("1", "понедельник", "Monday", ("пн", "Mon")),
    Choice("2", "вторник", "Tuesday", ("вт", "Tue")),
    Choice("3", "среда", "Wednesday", ("ср", "Wed")),
    Choice("4", "четверг", "Thursday", ("чт", "Thu")),
    Choice("5", "пятница", "Friday", ("пт", "Fri")),
    Choice("6", "суббота", "Saturday", ("сб", "Sat")),
    Choice("7", "воскресенье", "Sunday", ("вс", "Sun")),
)
# The Cyrillic letters look the same as the Latin ones on every Russian keyboard.
WEEKS = (
    Choice("A", "первая (A)", "A", ("А", "нечётная", "первая")),
    Choice("B", "вторая (B)", "B", ("В", "чётная", "вторая", "Б")),
)
POSITIONS = (
    Choice("teacher", "учитель", "teacher"),
    Choice("educator", "воспитатель", "kindergarten educator"),
    Choice(
        "additional_education_teacher",
        "педагог дополнительного образования",
        "additional-education teacher",
    ),
    Choice("speech_therapist", "учитель-логопед", "speech therapist", ("логопед",)),
    Choice("defectologist", "учитель-дефектолог", "defectologist", ("дефектолог",)),
    Choice("psychologist", "педагог-психолог", "psychologist", ("психолог",)),
    Choice("social_pedagogue", "социальный педагог", "social pedagogue"),
    Choice("tutor", "тьютор", "tutor"),
    Choice("methodist", "методист", "methodist"),
    Choice("senior_methodist", "старший методист", "senior methodist"),
    Choice("deputy_head", "заместитель руководителя", "deputy head", ("завуч", "заместитель директора")),
    Choice("head", "руководитель", "head", ("директор", "заведующий")),
    Choice("lecturer", "преподаватель", "lecturer"),
    Choice("student", "студент", "student"),
    Choice("pupil", "ученик", "pupil"),
    Choice("specialist", "специалист предприятия", "specialist of an enterprise"),
)
SUBJECTS = (
    Choice("russian", "Русский язык", "Russian"),
    Choice("literature", "Литература", "Literature"),
    Choice("foreign_language", "Иностранный язык", "Foreign language"),
    Choice("foreign_language.en", "Английский язык", "English", ("Иностранный язык (английский)",)),
    Choice("foreign_language.de", "Немецкий язык", "German", ("Иностранный язык (немецкий)",)),
    Choice("foreign_language.fr", "Французский язык", "French", ("Иностранный язык (французский)",)),
    Choice("foreign_language.zh", "Китайский язык", "Chinese", ("Иностранный язык (китайский)",)),
    Choice("second_foreign_language", "Второй иностранный язык", "Second foreign language"),
    Choice("mathematics", "Математика", "Mathematics"),
    Choice("algebra", "Алгебра", "Algebra"),
    Choice("geometry", "Геометрия", "Geometry"),
    Choice("probability", "Вероятность и статистика", "Probability and statistics"),
    Choice("informatics", "Информатика", "Informatics"),
    Choice("history", "История", "History"),
    Choice("social_studies", "Обществознание", "Social studies"),
    Choice("geography", "География", "Geography"),
    Choice("physics", "Физика", "Physics"),
    Choice("chemistry", "Химия", "Chemistry"),
    Choice("biology", "Биология", "Biology"),
    Choice("art", "Изобразительное искусство", "Art", ("ИЗО",)),
    Choice("music", "Музыка", "Music"),
    Choice("labour_technology", "Труд (технология)", "Labour (technology)", ("Технология", "Труд")),
    Choice(
        "safety_defence", "Основы безопасности и защиты Родины", "Safety and defence of the homeland", ("ОБЗР", "ОБЖ")
    ),
    Choice("physical_education", "Физическая культура", "Physical education", ("Физкультура",)),
    Choice(
        "spiritual_moral_culture",
        "Духовно-нравственная культура России",
        "Spiritual and moral culture of Russia",
        ("ОДНКНР",),
    ),
    Choice("native_language", "Родной язык", "Native language"),
    Choice("native_literature", "Родная литература", "Native literature"),
    Choice("primary", "Начальные классы", "Primary school"),
    Choice("literary_reading", "Литературное чтение", "Literary reading"),
    Choice("world_around", "Окружающий мир", "The world around us"),
    Choice("orkse", "Основы религиозных культур и светской этики", "Religious cultures and ethics", ("ОРКСЭ",)),
    Choice("preschool", "Дошкольное воспитание", "Preschool education"),
    Choice("speech_therapy", "Логопедия", "Speech therapy"),
    Choice("psychology", "Психология", "Psychology"),
    Choice("additional_education.technical", "Техническая направленность", "Technical activities"),
    Choice("additional_education.nature", "Естественно-научная направленность", "Natural-science activities"),
    Choice("additional_education.sport", "Физкультурно-спортивная направленность", "Sports activities"),
    Choice("additional_education.arts", "Художественная направленность", "Artistic activities"),
    Choice("additional_education.tourism", "Туристско-краеведческая направленность", "Local history and hiking"),
    Choice(
        "additional_education.social", "Социально-гуманитарная направленность", "Social and humanitarian activities"
    ),
)
TIME_ZONES = tuple(
    Choice(zone, f"{name} ({shift})", zone)
    for zone, name, shift in (
        ("Europe/Kaliningrad", "калининградское", "МСК−1"),
        ("Europe/Moscow", "московское", "МСК"),
        ("Europe/Samara", "самарское", "МСК+1"),
        ("Asia/Yekaterinburg", "екатеринбургское", "МСК+2"),
        ("Asia/Omsk", "омское", "МСК+3"),
        ("Asia/Barnaul", "барнаульское", "МСК+4"),
        ("Asia/Novosibirsk", "новосибирское", "МСК+4"),
        ("Asia/Krasnoyarsk", "красноярское", "МСК+4"),
        ("Asia/Irkutsk", "иркутское", "МСК+5"),
        ("Asia/Yakutsk", "якутское", "МСК+6"),
        ("Asia/Vladivostok", "владивостокское", "МСК+7"),
        ("Asia/Magadan", "магаданское", "МСК+8"),
        ("Asia/Kamchatka", "камчатское", "МСК+9"),
    )
)
