using System;
using System.Collections.Generic;
using System.Globalization;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>State of a launcher.</summary>
    public enum LaunchState
    {
        /// <summary>Not started.</summary>
        Idle,

        /// <summary>Looking for a running sidecar.</summary>
        Looking,

        /// <summary>A running one was found; it is not ended.</summary>
        Found,

        /// <summary>None runs; starting one.</summary>
        Starting,

        /// <summary>The started one replies.</summary>
        Started,

        /// <summary>There is none; the reason says why.</summary>
        Failed,
    }

    /// <summary>A UnityEvent with a launcher's state and its reason.</summary>
    [Serializable]
    public sealed class LaunchEvent : UnityEvent<LaunchState, string> { }

    /// <summary>Uses a running sidecar, or starts one that ends with the game.</summary>
    /// <remarks>Does not start a second sidecar at the client's ports. A started sidecar ends when this component is
    /// disabled, and also when the game crashes. Works in the Editor and in desktop players with Mono; elsewhere it
    /// finds a running sidecar, and reports what to do if there is none.</remarks>
    [AddComponentMenu("Sentio/Sentio Launcher")]
    [DefaultExecutionOrder(-110)]
    [DisallowMultipleComponent]
    public sealed class SentioLauncher : MonoBehaviour
    {
        /// <summary>Time limit for a running sidecar's reply; locally it takes milliseconds.</summary>
        public const double LookFor = 1.0;

        /// <summary>Time limit for a started one's reply: it loads models.</summary>
        public const double StartWithin = 20.0;

        [SerializeField, Tooltip("The client whose ports are used; empty for the sidecar's defaults.")]
        private SentioClient client;

        [SerializeField, Tooltip("The program: a name on the PATH, or its full path.")]
        private string command = "sentio";

        [SerializeField, Tooltip("Simulates all sensors, without hardware.")]
        private bool demo;

        [SerializeField, Tooltip("The sidecar's configuration file; empty for its own.")]
        private string config = "";

        [SerializeField, Tooltip("Launches as soon as it is enabled.")]
        private bool autostart = true;

        [SerializeField, Tooltip("The state changed; with the reason in one line.")]
        private LaunchEvent onChanged = new LaunchEvent();

        private readonly SidecarProcess _process = new SidecarProcess();
        private Client _probe;
        private double _since;
        private bool _answered;

        /// <summary>The state changed; with the reason in one line.</summary>
        public event Action<LaunchState, string> Changed;

        /// <summary>The client whose ports are used; null for the sidecar's defaults.</summary>
        public SentioClient Client { get { return client; } set { client = value; } }

        /// <summary>The program: a name on the PATH, or its full path.</summary>
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

        /// <summary>Why no program can be started in this build, and what to do; empty if one can.</summary>
        public static string Hindrance
        {
            get
            {
#if UNITY_EDITOR
                return "";
#elif UNITY_WEBGL
                return "a browser game cannot start programs or open sockets: use SentioPlayer or SentioSimulator there";
#elif UNITY_ANDROID || UNITY_IOS
                return "an app on this device cannot start programs: run 'sentio run' on it or play a recording with SentioPlayer";
#elif ENABLE_IL2CPP
                return "a build with IL2CPP cannot start programs: let the installer or the person start 'sentio run' first,"
                    + " or build with Mono (Player settings, Scripting Backend)";
#else
                return "";
#endif
            }
        }

        /// <summary>Arguments of the started sidecar.</summary>
        public IList<string> Arguments
        {
            get
            {
                ClientOptions options = Options();
                var all = new List<string> { "run", "--quiet", "--exit-on-stdin-eof", "--state-port", Text(options.StatePort),
                    "--control-port", Text(options.ControlPort) };
                if (demo) all.Add("--demo");
                if (config.Length > 0)
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
            if (State == LaunchState.Looking || State == LaunchState.Starting || _process.IsRunning) return;
#if UNITY_WEBGL && !UNITY_EDITOR
            Fail(Hindrance);
#else
            Look();
            Change(LaunchState.Looking, "looking for a running sidecar");
#endif
        }

        /// <summary>Ends a sidecar that was started here, not one that was found.</summary>
        public void Stop()
        {
            Hang();
            _process.Dispose();
            Change(LaunchState.Idle, "stopped");
        }

        private void OnEnable() { if (autostart) Launch(); }

        private void OnDisable() { Stop(); }

        private void Update()
        {
            if (_probe != null) _probe.Drain();
            double waited = Now() - _since;
            if (State == LaunchState.Looking) Looking(waited);
            else if (State == LaunchState.Starting) Starting(waited);
            else if (State == LaunchState.Started && !_process.IsRunning) Fail("the sidecar has ended");
        }

        private void Looking(double waited)
        {
            if (_answered) Found(LaunchState.Found, "found a running sidecar");
            else if (_probe.Link == LinkState.Refused) Fail(_probe.LinkReason);
            else if (waited > LookFor) Run();
        }

        private void Run()
        {
            if (Hindrance.Length > 0)
            {
                Fail("no sidecar runs, and " + Hindrance);
                return;
            }
            if (!_process.Start(command, Arguments))
            {
                Fail(_process.Problem);
                return;
            }
            _since = Now();
            Change(LaunchState.Starting, "starting the sidecar");
        }

        private void Starting(double waited)
        {
            if (_answered) Found(LaunchState.Started, "the sidecar was started");
            else if (!_process.IsRunning && _process.HasAllOutput) Fail("the sidecar did not start");
            else if (_probe.Link == LinkState.Refused) Fail(_probe.LinkReason);
            else if (waited > StartWithin) Fail("the sidecar does not reply");
        }

        private void Look()
        {
            Hang();
            _answered = false;
            _since = Now();
            _probe = new Client(Options());
            _probe.Greeted += Answer;
        }

        private void Answer(Dictionary<string, object> hello) { _answered = true; }

        private void Found(LaunchState how, string why)
        {
            Hang();
            Change(how, why);
        }

        private void Fail(string why)
        {
            Hang();
            string output = _process.Output.Trim();
            _process.Dispose();
            int line = output.IndexOf('\n');
            if (line >= 0) output = output.Substring(0, line);
            Change(LaunchState.Failed, output.Length > 0 ? why + ": " + output : why);
        }

        private void Hang()
        {
            if (_probe != null) _probe.Dispose();
            _probe = null;
        }

        private ClientOptions Options()
        {
            return client && client.Connection ? client.Connection.Options("") : new ClientOptions();
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
