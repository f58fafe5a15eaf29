"""Defences of docs/threat-model.md, each with a change that takes it out."""

from __future__ import annotations

from tests.docs.change import CONTROL, LOADER, MODELS, ROLES, SEALED, TRANSPORT, Change, change
from tests.docs.service_defences import SERVICE

READ_ZMTP_1 = change(
    f"{TRANSPORT}/zmtp.py",
    "        if self._step is _Step.GREETING:\n            at = self._greeting()\n",
    """\
        if self._step is _Step.GREETING and self._in[0] != 0xFF:
            while self._in and len(self._in) > self._in[0]:  # length, flags, body
                body = bytes(self._in[2 : self._in[0] + 1])
                del self._in[: self._in[0] + 1]
                if body:
                    yield [body]
            return
        if self._step is _Step.GREETING:
            at = self._greeting()
""",
)
"""Reads the frames of ZMTP 1.0, as libzmq does."""

OUT: dict[str, tuple[Change, ...]] = {
    "a browser's POST is read as ZMTP 1.0": READ_ZMTP_1,
    "the same from a real browser": (
        *READ_ZMTP_1,
        Change(ROLES, "NO_GRANT = Grant(Role.NONE)", "NO_GRANT = Grant(Role.OPERATOR)"),
    ),
    "a client without a token sends requests": change(
        f"{TRANSPORT}/peer.py",
        "self.client.grant = grant or NO_GRANT",
        "self.client.grant = grant or next(iter(self._access._grants.values()))",
    ),
    "a program waits on the port of a sidecar that has ended and collects tokens": change(
        f"{TRANSPORT}/tokens.py", "return secrets.token_urlsafe(32)", 'return "t" * 43'
    ),
    "another user plants a token folder or a link": change(
        f"{TRANSPORT}/tokens.py",
        "if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():",
        "if False:",
    ),
    "a client on another machine has no allowed key, or only a public one": change(
        f"{TRANSPORT}/allow_list.py",
        "return self._grants.get(public)",
        "return self._grants.get(public, next(iter(self._grants.values()), None))",
    ),
    "a key was lost": change(
        f"{TRANSPORT}/connections.py", 'self.drop(peer, "revoked", now)', "pass"
    ),
    "another machine impersonates the sidecar": change(
        f"{TRANSPORT}/curve.py",
        'if self._opened(hello[114:], b"CurveZMQHELLO---" + nonce, key) != bytes(64):',
        "if False:",
    ),
    "a message on the network is changed, repeated or cut": change(
        f"{TRANSPORT}/curve.py", "if number <= self._received:", "if False:"
    ),
    "a guessed or short token": change(
        f"{TRANSPORT}/ports.py", "SHORTEST_TOKEN = 16", "SHORTEST_TOKEN = 0"
    ),
    "a game acts for another player": change(
        ROLES, "if subject not in grant.subjects:", "if False:"
    ),
    "a game reads, overwrites or deletes another person's profile by its name": change(
        "bridge/sentio_bridge/profiles/store.py",
        "if (self.owner(name) or name) in people",
        "if people",
    ),
    "a name of a recording or profile is a path": change(
        "bridge/sentio_bridge/protocol/names.py", "if not _NAME.fullmatch(name):", "if False:"
    ),
    "a model is exchanged or damaged": change(
        f"{MODELS}/runtime/manifest.py", "if digest != manifest.sha256:", "if False:"
    ),
    "a profile is changed, with valid values": change(
        "bridge/sentio_bridge/profiles/store.py", "            check_bytes(data)\n", ""
    ),
    "a recording is damaged": change(
        "sensors/sentio_recording/integrity/checker.py", "if not entry.matches(piece):", "if False:"
    ),
    "an encrypted recording is changed, cut, or its parts are moved": change(
        f"{SEALED}/reader.py",
        "if found.index != expected or found.offset != self.size:",
        "if False:",
    ),
    "keys of one recording are put in the place of another's": change(
        f"{SEALED}/key_folder.py",
        'return f"sentio key 1 {id_} {slot}\\n".encode()',
        'return b"sentio key 1"',
    ),
    "a list of exports that somebody else made deletes other files of the user": change(
        "bridge/sentio_bridge/privacy/export_list.py",
        "filter(export.named, export.files)",
        "export.files",
    ),
    "a malformed message changes state": change(
        CONTROL,
        'raise RequestError("bad_argument", f"{op}: {where}: {error.what}", error.fix) from None',
        "arguments = OPERATIONS[op](**{f: '' for f in OPERATIONS[op].__struct_fields__})",
    ),
    "lines of the audit are changed or removed": change(
        "bridge/sentio_bridge/privacy/audit.py",
        "if sealed(entry)[1] != line or entry.n != number or entry.prev != before:",
        "if False:",
    ),
    "the audit is rebuilt, or older files are put back": change(
        "bridge/sentio_bridge/privacy/audit_seal.py",
        "if n and not hmac.compare_digest(mac, _mac(apart.key, n, line)):",
        "if False:",
    ),
    "the audit is cut or exchanged, and later lines hide it": change(
        "bridge/sentio_bridge/privacy/audit.py",
        "found = [] if last == self._checked else self._damage()",
        "found: list[tuple[str, Mapping[str, Any]]] = []",
    ),
    "another program adds lines to the audit": change(
        "bridge/sentio_bridge/privacy/audit.py",
        "if not unsigned and count > max(0, head.n) and not self._seal.wrote(before):",
        "if False:",
    ),
    "it is unknown who was disconnected and why": change(
        f"{TRANSPORT}/connections.py",
        'name = peer.client.name or self._names.get(process.pid, "")',
        'name = ""',
    ),
    "a listener subscribes to raw samples": change(
        ROLES, "return TOPICS.get(kind, Role.OPERATOR)", "return Role.LISTENER"
    ),
    "a subscriber without a token receives state": change(
        f"{TRANSPORT}/peer.py",
        'return self.name == "control" or self.client.grant.role >= Role.LISTENER',
        "return True",
    ),
    "another user reads the token file": change(
        f"{TRANSPORT}/tokens.py",
        "os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600",
        "os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644",
    ),
    "tokens in logs or in health": change(
        f"{TRANSPORT}/peer.py",
        "        grant = self._access.grant(token) if token else None\n",
        "        grant = self._access.grant(token) if token else None\n"
        '        __import__("logging").getLogger(__name__).debug("token %s", token)\n',
    ),
    "tokens in recordings": change(
        LOADER, r'rest = re.sub(r"(?m)^\s*token\s*=.*$", "", text)', "rest = text"
    ),
    "a child process inherits the launcher's token": change(
        f"{TRANSPORT}/ports.py",
        'environ.pop(tokens.VARIABLE, "")',
        'environ.get(tokens.VARIABLE, "")',
    ),
    "another machine connects": change(
        LOADER,
        "return ipaddress.ip_address(host).is_loopback",
        "return bool(ipaddress.ip_address(host))",
    ),
    "ports for other machines are open without keys": change(
        f"{TRANSPORT}/remote.py", "        self.allowed.require()\n", ""
    ),
    "somebody on the network reads messages": change(
        f"{TRANSPORT}/zmtp.py",
        'self._mechanisms = (b"CURVE",) if curve is not None else (b"PLAIN", b"NULL")',
        'self._mechanisms = (b"CURVE", b"PLAIN", b"NULL")',
    ),
    "`hello` without a token reveals subjects": change(
        CONTROL, "**{key: answer[key] for key in OPEN_KEYS if key in answer},", "**answer,"
    ),
    "a stolen disk has recordings and profiles": change(
        f"{SEALED}/writer.py",
        "written += cipher.encrypt(segment.nonce, part, self._head + before)",
        "written += part + bytes(16)",
    ),
    "another user reads recordings or profiles": change(
        "sensors/sentio_recording/storage.py",
        "folder.mkdir(mode=0o700, parents=True, exist_ok=True)",
        "folder.mkdir(mode=0o755, parents=True, exist_ok=True)",
    ),
    "another user reads logs, exports, reports or a configuration with tokens": change(
        "bridge/sentio_bridge/cli/app.py", "os.umask(0o077)", "os.umask(0o022)"
    ),
    "a crash writes a core dump with pictures and sound": change(
        "bridge/sentio_bridge/cli/run.py", "core_dumps.refuse()", "pass"
    ),
    "an erased person is in a backup": change(
        f"{SEALED}/key_folder.py",
        "                        self._destroy(file, owner)\n",
        "",
    ),
    "a withdrawal does not reach the sidecar (other ports, a second one, a busy one)": change(
        "bridge/sentio_bridge/privacy/consent_keeper.py",
        "if not self.store.changed(subject):",
        "if True:",
    ),
    "the clock is set back, and a grant whose time had passed counts again": change(
        "bridge/sentio_bridge/control/consent_handlers.py",
        "self._wait(self._keeper.end_expired(subject))",
        "pass",
    ),
    "a child's own consent counts, given before the person was named as a child": change(
        "bridge/sentio_bridge/privacy/consent_book.py",
        'return self._guardian is None or newest.guardian == self._guardian != ""',
        "return True",
    ),
    "receipts are damaged, and an older configuration grants again": change(
        "bridge/sentio_bridge/privacy/receipt_store.py",
        "found += _of_damage(subject, self._seen[subject])",
        "found.clear()",
    ),
    "a person was erased, and an older configuration grants again": change(
        "bridge/sentio_bridge/privacy/consent_keeper.py",
        "old = erased is not None and dated <= erased",
        "old = False",
    ),
    "the list of pseudonyms is lost, and an older configuration grants again": change(
        "bridge/sentio_bridge/privacy/consent_keeper.py",
        "return old or (decided is not None and dated < decided)",
        "return old",
    ),
    "an older copy of the folder of receipts is put back, and grants what was withdrawn since": (
        change(
            "bridge/sentio_bridge/server/privacy_wiring.py",
            "if folder is not None and Audit(folder).is_older():",
            "if False:",
        )
    ),
    "a running sidecar writes an erased person again": change(
        "bridge/sentio_bridge/privacy/in_use.py",
        "if not _lock(_opened(mark, stack), shared=False):",
        "if False:",
    ),
    "a sidecar of another configuration writes an erased person again": (
        change(
            "bridge/sentio_bridge/privacy/in_use.py", "for folder in written:", "for folder in ():"
        )
    ),
    "data of an erased person stay in a damaged recording, or in a file that a crash left": change(
        "bridge/sentio_bridge/privacy/kept.py",
        'return ("damaged", path), self.named(path / DATA)',
        "return None",
    ),
    "what was learnt of an erased person stays in the state that a recording begins with": change(
        "bridge/sentio_bridge/privacy/recorded_person.py", "name == _STATE or ", ""
    ),
    "a personal model is made of a recording without consent to `personal_model`": change(
        "bridge/sentio_bridge/profiles/training.py", "if k not in refused}", "if k}"
    ),
    "a personal model is used after its consent was withdrawn": change(
        "bridge/sentio_bridge/affect/subject_model.py", "if personal:", "if True:"
    ),
    "a name of who decided stays in the audit": change(
        "bridge/sentio_bridge/privacy/audit_writer.py",
        "elif by and by not in PARTS:",
        "elif False:",
    ),
    "a name that a client gives itself, a stream or an adaptation stays in the audit": change(
        "bridge/sentio_bridge/privacy/audit_writer.py", 'if "sha256" not in found:', "if False:"
    ),
    "what was recorded for a withdrawn purpose only is kept when it is withdrawn with `erase`": (
        change(
            "bridge/sentio_bridge/privacy/ended.py",
            "any(each and each.isdisjoint(self.live) for each in read)",
            "False",
        )
    ),
    "a crash ends an erasure halfway, and its repetition leaves pictures or sound": change(
        "bridge/sentio_bridge/privacy/purpose_erasure.py",
        "if recording.folder is not None and not (recording.folder / JOURNAL).exists():",
        "if False:",
    ),
    "a crash ends an erasure halfway, and the name stays in the list of salts": change(
        "bridge/sentio_bridge/server/data_rights.py",
        "if not named and subject not in self._ids.known().values():",
        "if not named:",
    ),
    "a crash leaves a copy of destroyed keys, or a key file that stops every later erasure": change(
        "sensors/sentio_recording/sealed/key_folder.py", "_wipe(left)", "pass"
    ),
    "a link in a recording puts another file of the user into a person's copy": change(
        "bridge/sentio_bridge/privacy/personal_data.py", "if media.is_symlink():", "if False:"
    ),
    "estimates leave the machine without consent to `share`": change(
        "bridge/sentio_bridge/core/sharing.py", "bool(read) and all(", "bool(read) and any("
    ),
    "a remote client is answered with what a person does not share": change(
        "bridge/sentio_bridge/control/shared_replies.py",
        'return not client.is_remote or self._may_share(arguments.subject or "")',
        "return True",
    ),
    "an export is handed out without consent to `share`": change(
        "bridge/sentio_bridge/server/data_rights.py",
        "self._shared.check(manifest, sent=sent)",
        "pass",
    ),
    "a recording is played over LSL, or analysed on other machines, without consent to `share`": (
        change(
            "bridge/sentio_bridge/cli/replay.py",
            "    if kept is not None:\n        kept.rights.check_sent",
            "    if kept is None:\n        kept.rights.check_sent",
        )
    ),
    "a recording without its manifest is exported without consent to `share`": change(
        "bridge/sentio_bridge/server/data_rights.py",
        "self._shared.check_person(subject, sent=sent)",
        "pass",
    ),
    "an export stays when its person is erased": change(
        "bridge/sentio_bridge/server/data_rights.py", "if self._shared.stays(out):", "if False:"
    ),
    "an analysis, a report or a plot stays when its person is erased": change(
        "bridge/sentio_bridge/cli/results.py",
        "rights = configured_rights() if parts else None",
        "rights = None",
    ),
    "an export that is in no list stays unnoticed when its person is erased": change(
        "bridge/sentio_bridge/cli/data.py",
        "for path in data.kept.unlisted(subject):",
        "for path in ():",
    ),
    "files of a recording are on another disk, behind links, and stay when its person is erased": (
        change(
            "bridge/sentio_bridge/cli/data.py",
            "for place in filter(Path.exists, linked):",
            "for place in ():",
        )
    ),
    "the copy for one person of a recording leaves the others' data after a crash": change(
        "bridge/sentio_bridge/privacy/kept.py",
        "            for folder, folders, files in os.walk(root):\n",
        "            for folder, folders, files in os.walk(root):\n"
        '                folders[:] = [each for each in folders if each[0] != "."]\n',
    ),
    "a name is read in a recording, profile or folder": change(
        "bridge/sentio_bridge/config/pseudonymous.py",
        "    if not settings.pseudonyms:\n",
        "    if settings.pseudonyms:\n",
    ),
    "a program of another user reads tokens or sends requests": change(
        ROLES, "NO_GRANT = Grant(Role.NONE)", "NO_GRANT = Grant(Role.OPERATOR)"
    ),
    "samples leave the machine": change(
        "bridge/sentio_bridge/server/sidecar.py",
        "        self._ended = threading.Event()\n",
        "        self._ended = threading.Event()\n"
        '        self._leak = __import__("socket").socket(2, 2)\n'
        '        self._leak.connect(("127.0.0.2", 9))\n',
    ),
    "a library sends data about its use to its maker (onnxruntime, MediaPipe)": change(
        f"{MODELS}/runtime/onnx_session.py",
        'os.environ["ORT_DISABLE_TELEMETRY"] = "1"',
        "pass",
    ),
    "a wrong clock deletes all recordings that expire": change(
        "sensors/sentio_recording/retention.py", "return late is None", "return True"
    ),
    "a program fills the disk with decisions": change(
        "bridge/sentio_bridge/control/consent_handlers.py", "if repeated and", "if False and"
    ),
    "a withdrawal is lost because the queue of jobs is full": change(
        "bridge/sentio_bridge/control/consent_handlers.py",
        """            self._wait(made)
            problems""",
        """            problems""",
    ),
    "a recording's frames show a sensor that may not be recorded": change(
        "bridge/sentio_bridge/recording/session_recorder.py", "self._fused.allows", "None"
    ),
    "a recording holds a person's usual values of a sensor that may not be recorded": change(
        "bridge/sentio_bridge/recording/session_recorder.py",
        "item.norms if self._permission.modality(subject, item.modality) else {}",
        "item.norms",
    ),
    "a recording begins with what was learnt from a sensor withdrawn meanwhile": change(
        "bridge/sentio_bridge/recording/beginning.py",
        "if not self.permission.state(beginning.contributed, beginning.profiles):",
        "if False:",
    ),
    **SERVICE,
}
"""Changes by the threat's words in docs/threat-model.md."""

QUICK = (
    "another machine impersonates the sidecar",
    "a name of a recording or profile is a path",
    "a listener or a game sends an operator's request",
)
"""Those whose tests take the least time; they run with every test run."""
