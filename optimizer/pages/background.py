"""Studies that run beside the page: a thread that collects findings one by one and can be ended. No Streamlit here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..inputs.faults import InputError


@dataclass(frozen=True)
class Said:
    """One finding as people read it: a sentence, how sure it is, and a table where it has one."""

    sentence: str
    sure: str = ""
    rows: tuple[dict[str, Any], ...] = ()
    group: str = ""  # findings of one group stand together


class Work:
    """One study in the background: read `said` and `running`, call `stop`."""

    def __init__(self, make: Callable[[Callable[[], bool]], Iterator[Said]]) -> None:
        self.said: tuple[Said, ...] = ()
        self.running, self.fault = True, ""
        self._stopped = threading.Event()
        threading.Thread(target=self._run, args=(make,), daemon=True, name="ohrid-study").start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self, make: Callable[[Callable[[], bool]], Iterator[Said]]) -> None:
        try:
            for finding in make(self._stopped.is_set):
                self.said = (*self.said, finding)
                if self._stopped.is_set():
                    break
        except InputError as error:
            self.fault = str(error)
        except Exception as error:  # nobody stands above a thread: the page says that it failed
            logging.getLogger(__name__).exception("a study failed")
            self.fault = f"The study ended unexpectedly ({type(error).__name__})."
        finally:
            self.running = False
