"""The status page of one served model: memory that the keeper writes and the web processes read."""

from enum import IntEnum

from servery.cage.messages import Block


class CageState(IntEnum):
    """What becomes of a request that is sent now."""

    SERVING = 1
    RESTARTING = 2
    SET_ASIDE = 3


class StatusPage:
    """One byte of state, and a sentence behind it."""

    SIZE_BYTES = 4096

    def __init__(self, block: Block) -> None:
        self.block = block
        self._memory = block.map(self.SIZE_BYTES)

    @classmethod
    def blank(cls) -> "StatusPage":
        """Make a page that says ``SERVING``."""
        page = cls(Block.of_size(cls.SIZE_BYTES))
        page.write(CageState.SERVING)
        return page

    def write(self, state: CageState, sentence: str = "") -> None:
        """Write the sentence, and then the state that it belongs to."""
        text = sentence.encode()[: self.SIZE_BYTES - 3]
        self._memory[1:3] = len(text).to_bytes(2, "big")
        self._memory[3 : 3 + len(text)] = text
        self._memory[0] = state

    @property
    def state(self) -> CageState:
        """What stands there now."""
        return CageState(self._memory[0])

    @property
    def sentence(self) -> str:
        """Why a model was set aside; empty otherwise."""
        size = int.from_bytes(self._memory[1:3], "big")
        return self._memory[3 : 3 + size].decode(errors="replace")
