"""Import-linter contract: one domain sees another only through its public modules."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DomainSurface(Contract):
    """Imports between two domains must end at one of the `public` modules; `exempt` domains are everybody's."""

    root = fields.StringField()
    public = fields.SetField(subfield=fields.StringField())
    exempt = fields.SetField(subfield=fields.StringField(), required=False, default=())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect every import that reaches into another domain's inside."""
        leaks = [
            f"{importer} -> {target}"
            for importer in sorted(graph.modules)
            for target in sorted(graph.find_modules_directly_imported_by(importer))
            if self._leaks(importer.split("."), target.split("."))
        ]
        return ContractCheck(kept=not leaks, metadata={"leaks": leaks})

    def _leaks(self, importer: list[str], target: list[str]) -> bool:
        if importer[0] != self.root or target[0] != self.root or len(importer) < 2 or len(target) < 3:
            return False
        public, exempt = set(self.public), set(self.exempt)  # type: ignore[call-overload]  # fields of import-linter
        free = importer[1] == target[1] or importer[1] in exempt or target[1] in exempt
        return not free and "tests" not in importer and target[2] not in public

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the leaks."""
        for leak in check.metadata["leaks"]:
            output.print_error(leak)
