class_name SentioSidecarCase
extends SentioTestCase
## Base class of tests that start real sidecars.
##
## SENTIO_COMMAND in the environment is the program.

## Time limit on a slow, busy machine.
const PATIENCE := 40.0
## Range of ports.
const FIRST_PORT := 20000
const LAST_PORT := 32000

var _started: Array[SentioSidecarProcess] = []


## Whether there is a sidecar to test with; skips the test if not.
func can_start() -> bool:
	if OS.get_environment("SENTIO_COMMAND").is_empty():
		skipped = "SENTIO_COMMAND is not set"
	return skipped.is_empty()


## A connection to free ports below the ephemeral range: a client that connects to a closed
## ephemeral port may be assigned it and connect to itself.
func free_connection() -> SentioConnection:
	var connection := SentioConnection.new()
	var servers: Array[TCPServer] = [_listener(connection.host), _listener(connection.host)]
	connection.state_port = servers[0].get_local_port()
	connection.control_port = servers[1].get_local_port()
	connection.request_timeout = 10.0
	return connection


## Starts a sidecar at [param connection] with [param arguments].
func start(
	connection: SentioConnection, arguments: PackedStringArray = ["--demo"]
) -> SentioSidecarProcess:
	var all := PackedStringArray(["run", "--quiet", "--exit-on-stdin-eof"])
	all.append_array(["--state-port", str(connection.state_port)])
	all.append_array(["--control-port", str(connection.control_port)])
	var process := SentioSidecarProcess.new()
	check(process.start(OS.get_environment("SENTIO_COMMAND"), all + arguments), process.problem)
	_started.append(process)
	return process


## Kills [param process].
func kill(process: SentioSidecarProcess) -> void:
	process.kill()
	process.close_pipes()


## A client of [param connection] in the tree.
func client_of(connection: SentioConnection) -> SentioClient:
	var client := SentioClient.new()
	client.connection = connection
	return add(client)


## Waits until [param client] is live.
func live(client: SentioClient) -> bool:
	var good := await until(
		func() -> bool:
			return client.link == SentioFeed.LinkState.LIVE and not client.hello.is_empty(),
		PATIENCE
	)
	return check(good, "live; instead: " + client.link_reason)


## Waits until the link of [param client] is [param wanted]; returns its reason.
func reason_at(client: SentioClient, wanted: SentioFeed.LinkState) -> String:
	await until(func() -> bool: return client.link == wanted, PATIENCE)
	equal(client.link, wanted, "link, with the reason " + client.link_reason)
	return client.link_reason


func _listener(host: String) -> TCPServer:
	var server := TCPServer.new()
	while not server.is_listening():
		server.listen(randi_range(FIRST_PORT, LAST_PORT), host)
	return server


func tear_down() -> void:
	super()
	for process in _started:
		process.kill()
	_started.clear()
