using System;
using System.Collections.Generic;
using System.Globalization;
using UnityEngine;

namespace Sentio
{
    /// <summary>Uses a running sidecar, or starts one that ends with the game.</summary>
    /// <remarks>Does not start a second sidecar at the client's ports. Looks for the program in the folder
    /// <c>sentio</c> beside the game or in StreamingAssets, on the PATH, then in a Python. A started sidecar ends when
    /// this component is disabled, and also when the game crashes, within three seconds. Works in the Editor and in
    /// desktop players; elsewhere it finds a running sidecar, and reports what to do if there is none.</remarks>
    [AddComponentMenu("Sentio/Sentio Launcher")]
    [DefaultExecutionOrder(-110)]
    [DisallowMultipleComponent]
    public sealed class SentioLauncher : MonoBehaviour
    {
        /// <summary>Time limit for a running sidecar's reply; locally it takes milliseconds.</summary>
        public const double LookFor = 1.0;

        /// <summary>Time limit for a started one's reply: at the first start, virus scanners read all of it.</summary>
        public const double StartWithin = 60.0;

        /// <summary>Exit code of a sidecar whose ports are in use.</summary>
        private const int PortTaken = 3;

        /// <summary>Seconds between two looks at a sidecar that was found.</summary>
        private const double LookEvery = 2.0;

        /// <summary>Seconds that a first start takes, about.</summary>
        private const float FirstStart = 15.0f;

        private const string StartTime = "sentio.start_seconds";

        [SerializeField, Tooltip("The client whose ports are used; empty for the sidecar's defaults.")]
        private SentioClient client;

        [SerializeField, Tooltip("The program: a name on the PATH, or its full path. Empty: the game's folder, the PATH, a Python.")]
        private string command = "";

        [SerializeField, Tooltip("Simulates all sensors, without hardware.")]
        private bool demo;

        [SerializeField, Tooltip("The sidecar's configuration file; empty for its own.")]
        private string config = "";

        [SerializeField, Tooltip("Launches as soon as it is enabled.")]
        private bool autostart = true;

        [SerializeField, Tooltip("The state changed; with the reason in one line.")]
        private LaunchEvent onChanged = new LaunchEvent();

        private readonly LaunchToken _launched = new LaunchToken();
        private SidecarProcess _process = NewProcess();
        private SidecarProcess _ending;
        private SidecarFinder _finder;
        private Client _probe;
        private double _since;
        private double _looked;
        private bool _answered;
        private bool _lostPorts;

        /// <summary>The state changed; with the reason in one line.</summary>
        public event Action<LaunchState, string> Changed;

        /// <summary>The client whose ports are used; null for the sidecar's defaults.</summary>
        public SentioClient Client { get { return client; } set { client = value; } }

        /// <summary>The program: a name on the PATH, or its full path; empty to search for it.</summary>
        public string Command { get { return command; } set { command = value ?? ""; } }

        /// <summary>Whether everything is simulated.</summary>
        public bool Demo { get { return demo; } set { demo = value; } }

        /// <summary>The sidecar's configuration file; empty for its own.</summary>
        public string Config { get { return config; } set { config = value ?? ""; } }

        /// <summary>Whether it launches as soon as it is enabled.</summary>
        public bool Autostart { get { return autostart; } set { autostart = value; } }

        /// <summary>The inspector's event of a change.</summary>
        public LaunchEvent OnChanged { get { return onChanged; } }

        /// <summary>Current state.</summary>
        public LaunchState State { get; private set; }

        /// <summary>The reason, in one line.</summary>
        public string Reason { get; private set; } = "";

        /// <summary>Process id of the sidecar that was started here; -1 if none was.</summary>
        public int ProcessId { get { return _process.ProcessId; } }

        /// <summary>How far a start is, 0..1, by the time that the last one took on this computer.</summary>
        public float Progress
        {
            get
            {
                if (State == LaunchState.Found || State == LaunchState.Started) return 1.0f;
                if (State != LaunchState.Starting) return 0.0f;
                return Mathf.Min(0.95f, (float)(Now() - _since) / PlayerPrefs.GetFloat(StartTime, FirstStart));
            }
        }

        /// <summary>Why no program can be started in this build, and what to do; empty if one can.</summary>
        public static string Hindrance { get { return LaunchPlatform.Hindrance; } }

        /// <summary>Arguments of the started sidecar.</summary>
        public IList<string> Arguments
        {
            get
            {
                ClientOptions options = Options();
                var all = new List<string> { "run", "--quiet", "--parent-pid", Text(NativeStart.OwnId()), "--state-port",
                    Text(options.StatePort), "--control-port", Text(options.ControlPort) };
                if (!LaunchPlatform.IsNative) all.Add("--exit-on-stdin-eof");
                if (demo) all.Add("--demo");
                else if (config.Length > 0)
                {
                    all.Add("--config");
                    all.Add(config);
                }
                return all;
            }
        }

        /// <summary>Looks for a sidecar, and starts one if none replies.</summary>
        public void Launch()
        {
            if (State != LaunchState.Idle && State != LaunchState.Failed) return;
            _lostPorts = false;
#if UNITY_WEBGL && !UNITY_EDITOR
            Fail(Hindrance);
#else
            Look("looking for a running sidecar");
#endif
        }

        /// <summary>Ends a sidecar that was started here, not one that was found.</summary>
        public void Stop()
        {
            EndStarted();
            Change(LaunchState.Idle, "stopped");
        }

        /// <summary>Starts again with the present settings: ends a sidecar that was started here and looks again.</summary>
        public void Restart()
        {
            Stop();
            Launch();
        }

        private void OnEnable() { if (autostart) Launch(); }

        private void OnDisable() { Stop(); }

        private void Update()
        {
            if (_probe != null) _probe.Drain();
            double waited = Now() - _since;
            if (State == LaunchState.Looking) Looking(waited);
            else if (State == LaunchState.Starting) Starting(waited);
            else if (State == LaunchState.Started && !_process.IsRunning) HasEnded("the sidecar has ended");
            else if (State == LaunchState.Found) Watch();
        }

        private void Looking(double waited)
        {
            if (_ending != null)
            {
                if (_ending.IsRunning) return;
                _ending = null;
                Probe();
            }
            else if (_answered) Found(LaunchState.Found, "found a running sidecar");
            else if (_probe.Link == LinkState.Refused) Fail(_probe.LinkReason);
            else if (AnotherStarts())
            {
                _since = Now();
                Change(LaunchState.Looking, "another launcher of this game starts the sidecar");
            }
            else if (_lostPorts)
            {
                if (waited > StartWithin) Fail("another program uses the ports of the sidecar");
            }
            else if (waited > LookFor) Run();
        }

        // A found sidecar is asked again now and then, unless the client receives its states.
        private void Watch()
        {
            double now = Now();
            if (client && client.Link == LinkState.Live) _looked = now;
            if (_probe == null)
            {
                if (now - _looked > LookEvery) Probe();
            }
            else if (_answered)
            {
                _looked = now;
                Hang();
            }
            else if (now - _since > LookFor) Look("the sidecar that was found has ended: looking again");
        }

        private void Run()
        {
            if (Hindrance.Length > 0)
            {
                Fail("no sidecar runs, and " + Hindrance);
                return;
            }
            _finder = new SidecarFinder(LaunchPlatform.Folders());
            if (!_finder.Find(command))
            {
                Fail(_finder.Problem);
                return;
            }
            if (_finder.IsBundled) LaunchPlatform.MakeExecutable(_finder.Program);
            var all = new List<string>(_finder.Before);
            all.AddRange(Arguments);
            LaunchToken token = Options().Launched;
            token.Renew();
            if (!_process.Start(_finder.Program, all, token.Value))
            {
                Fail(_process.Problem);
                return;
            }
            Probe();
            Change(LaunchState.Starting, StartingText(0));
        }

        private void Starting(double waited)
        {
            if (!_process.IsRunning)
            {
                if (_process.HasAllOutput) HasEnded("the sidecar did not start");
            }
            else if (_answered)
            {
                PlayerPrefs.SetFloat(StartTime, (float)waited);
                Found(LaunchState.Started, "the sidecar was started");
            }
            else if (_probe.Link == LinkState.Refused) Fail(_probe.LinkReason);
            else if (waited > StartWithin) Fail("the sidecar does not reply");
            else Change(LaunchState.Starting, StartingText((int)waited));
        }

        private static string StartingText(int seconds)
        {
            string text = "starting the sidecar";
            if (!PlayerPrefs.HasKey(StartTime)) text += " for the first time, which can take a minute";
            return seconds == 0 ? text : text + " (" + Text(seconds) + " s)";
        }

        // The started sidecar runs no more.
        private void HasEnded(string what)
        {
            if (_process.ExitCode == PortTaken)
            {
                _lostPorts = true;
                Look("another sidecar took the ports first: looking for it");
            }
            else if (_process.Output.Contains("No module named sentio_bridge"))
                Fail("there is no sidecar on this computer: " + SidecarFinder.Fix, "");
            else if (_process.Output.Contains("No such option: --parent-pid"))
                Fail("the sidecar is older than this package: pip install -U sentio-affect", "");
            else Fail(what + ": code " + Text(_process.ExitCode));
        }

        private void Look(string why)
        {
            EndStarted();
            Probe();
            Change(LaunchState.Looking, why);
        }

        private void Probe()
        {
            Hang();
            _answered = false;
            _since = Now();
            _probe = new Client(Options());
            _probe.HelloReceived += Answer;
        }

        private void Answer(Dictionary<string, object> hello) { _answered = true; }

        private void Found(LaunchState how, string why)
        {
            Hang();
            _lostPorts = false;
            _looked = Now();
            Change(how, why);
        }

        private void Fail(string why) { Fail(why, _process.Output.Trim()); }

        private void Fail(string why, string output)
        {
            EndStarted();
            int line = output.IndexOf('\n');
            if (line >= 0) output = output.Substring(0, line);
            Change(LaunchState.Failed, output.Length > 0 ? why + ": " + output : why);
        }

        // Ends what was started here, and the probe.
        private void EndStarted()
        {
            Hang();
            SidecarProcess started = _process;
            _process = NewProcess();
            ClientOptions options = Options();
            if (!started.IsRunning)
            {
                if (started.ProcessId >= 0) options.Launched.Clear();
                started.Dispose();
                return;
            }
            _ending = started;
            // Its request for the end needs the token, also after this one is forgotten.
            options.Token = options.Token.Length > 0 ? options.Token : options.Launched.Value;
            SidecarEnd.Begin(started, new Client(options));
            options.Launched.Clear();
        }

        private void Hang()
        {
            if (_probe != null) _probe.Dispose();
            _probe = null;
        }

        // Whether another launcher of this game is starting a sidecar at the same ports.
        private bool AnotherStarts()
        {
            foreach (SentioLauncher other in Resources.FindObjectsOfTypeAll<SentioLauncher>())
                if (other != this && other.State == LaunchState.Starting && other.Options().ControlPort == Options().ControlPort)
                    return true;
            return false;
        }

        private static SidecarProcess NewProcess() { return new SidecarProcess(LaunchPlatform.IsNative); }

        private ClientOptions Options()
        {
            ClientOptions options = client && client.Connection ? client.Connection.Options("") : new ClientOptions();
            options.Launched = client ? client.Launched : _launched;
            return options;
        }

        private static double Now() { return Time.realtimeSinceStartupAsDouble; }

        private static string Text(int number) { return number.ToString(CultureInfo.InvariantCulture); }

        private void Change(LaunchState state, string reason)
        {
            if (state == State && reason == Reason) return;
            State = state;
            Reason = reason;
            if (Changed != null) Changed(state, reason);
            onChanged.Invoke(state, reason);
        }
    }
}
