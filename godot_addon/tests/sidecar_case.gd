class_name SentioSidecarCase
extends SentioTestCase
## Tests against real sidecars, which they start and end themselves.
##
## SENTIO_COMMAND in the environment is the program.

## Seconds that anything may take on a slow, busy machine.
const PATIENCE := 40.0
## Ports to choose from.
const FIRST_PORT := 20000
const LAST_PORT := 32000

var _started: Array[SentioSidecarProcess] = []


## Whether there is a sidecar to test with; says so where not.
func can_start() -> bool:
	if OS.get_environment("SENTIO_COMMAND").is_empty():
		skipped = "SENTIO_COMMAND is not set"
	return skipped.is_empty()


## A connection to ports that nobody uses, below those that the system gives to callers: who calls
## such a port while nobody listens may be given it, and speaks to itself until it hangs up.
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
	check(process.start(OS.get_environment("SENTIO_COMMAND"), all + arguments), process.error)
	_started.append(process)
	return process


## Ends [param process] as a crash would.
func kill(process: SentioSidecarProcess) -> void:
	OS.kill(process.process_id())
	process.stop()


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


## Waits until [param client] stands at [param wanted]; returns the reason that it gives.
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
		if process.is_running():
			OS.kill(process.process_id())
	_started.clear()
