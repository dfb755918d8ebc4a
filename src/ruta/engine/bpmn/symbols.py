"""The small symbols inside shapes, as SVG paths on a grid of 16 by 16, drawn by their stroke."""

from __future__ import annotations

TASKS: dict[str, str] = {
    "userTask": "M8 8.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c0-3 2.4-4.5 5.5-4.5s5.5 1.5 5.5 4.5z",
    "serviceTask": (
        "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
        "M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2"
        "M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4"
    ),
    "businessRuleTask": "M1.5 3h13v10h-13zM1.5 6h13M1.5 9.5h13M6 6v7",
    "scriptTask": "M4 1.5h9l-2 4 2 4.5-2 4.5H2l2-4.5-2-4.5zM5.5 5h4M6 8h4M5.5 11h4",
    "sendTask": "M1.5 3.5h13v9h-13zM1.5 3.5L8 8.5l6.5-5",
    "receiveTask": "M1.5 3.5h13v9h-13zM1.5 3.5L8 8.5l6.5-5",
    "manualTask": "M2 9V6.5L6 3h2L6.5 5.5H14V7H9M14 7v2H9M13.5 9v2H9M13 11v2H5.5L2 11z",
}

EVENTS: dict[str, str] = {
    "message": "M1.5 3.5h13v9h-13zM1.5 3.5L8 8.5l6.5-5",
    "timer": "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4v4l3 1.5",
    "error": "M2 14L5.5 3.5l4 6.5L14 2l-3.5 11-4-6.5z",
    "escalation": "M8 2l5 12-5-5-5 5z",
    "signal": "M8 2l6 11H2z",
    "conditional": "M3 1.5h10v13H3zM5 4.5h6M5 8h6M5 11.5h6",
    "link": "M1.5 5.5h7V2.5L14.5 8l-6 5.5v-3h-7z",
    "terminate": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z",
    "compensate": "M8 3L2 8l6 5zM14 3L8 8l6 5z",
    "cancel": "M3 3l10 10M13 3L3 13",
}

GATEWAYS: dict[str, str] = {
    "exclusiveGateway": "M4 4l8 8M12 4l-8 8",
    "parallelGateway": "M8 2v12M2 8h12",
    "inclusiveGateway": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z",
    "eventBasedGateway": "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4l4 3-1.5 4.5h-5L4 7z",
    "complexGateway": "M8 2v12M2 8h12M4 4l8 8M12 4l-8 8",
}

REPEATS: dict[str, str] = {
    "parallel": "M4 3v10M8 3v10M12 3v10",
    "sequential": "M3 4h10M3 8h10M3 12h10",
    "loop": "M6 13.5H3v-3M3.5 13A6 6 0 1 1 8 14",
}

FILLED = frozenset({"terminate"})
