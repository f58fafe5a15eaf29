using System;
using System.Collections.Generic;
using System.Globalization;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>How far a launcher is.</summary>
    public enum LaunchState
    {
        /// <summary>Nothing is looked for.</summary>
        Idle,

        /// <summary>Looks for a running sidecar.</summary>
        Looking,

        /// <summary>One was there.</summary>
        Found,

        /// <summary>One is started.</summary>
        Starting,

        /// <summary>One was started here.</summary>
        Started,

        /// <summary>There is none; the reason says what to do.</summary>
        Failed,
    }

    /// <summary>A UnityEvent with a launcher's state and its reason.</summary>
    [Serializable]
    public sealed class LaunchEvent : UnityEvent<LaunchState, string> { }

    /// <summary>Makes sure that a sidecar runs: uses the one that is there, else starts one that ends with the game.</summary>
    /// <remarks>Looks before it starts: a sidecar that answers at the client's ports is never doubled. What was started
    /// here ends when this component is disabled, and also when the game crashes. Works in the Editor and in desktop
    /// players with Mono; elsewhere it finds a running sidecar, and says what to do where there is none.</remarks>
    [AddComponentMenu("Sentio/Sentio Launcher")]
    [DefaultExecutionOrder(-110)]
    [DisallowMultipleComponent]
    public sealed class SentioLauncher : MonoBehaviour
    {
        /// <summary>How long a running sidecar may take to answer; on this machine it takes milliseconds.</summary>
        public const double LookFor = 1.0;

        /// <summary>How long a started one may take: it loads models.</summary>
        public const double StartWithin = 20.0;

        [SerializeField, Tooltip("Whose ports are used; empty for the sidecar's defaults.")]
        private SentioClient client;

        [SerializeField, Tooltip("The program: a name on the PATH, or its whole path.")]
        private string command = "sentio";

        [SerializeField, Tooltip("Simulates everything; no hardware, nobody is measured.")]
        private bool demo;

        [SerializeField, Tooltip("The sidecar's configuration file; empty for its own.")]
        private string config = "";

        [SerializeField, Tooltip("Looks, and starts, as soon as it is enabled.")]
        private bool autostart = true;

        [SerializeField, Tooltip("Where it stands, with one line for a person.")]
        private LaunchEvent onChanged = new LaunchEvent();

        private readonly SidecarProcess _process = new SidecarProcess();
        private Client _probe;
        private double _since;
        private bool _answered;

        /// <summary>Where it stands, with one line for a person.</summary>
        public event Action<LaunchState, string> Changed;

        /// <summary>Whose ports are used; null for the sidecar's defaults.</summary>
        public SentioClient Client { get { return client; } set { client = value; } }

        /// <summary>The program: a name on the PATH, or its whole path.</summary>
        public string Command { get { return command; } set { command = value ?? ""; } }

        /// <summary>Whether everything is simulated.</summary>
        public bool Demo { get { return demo; } set { demo = value; } }

        /// <summary>The sidecar's configuration file; empty for its own.</summary>
        public string Config { get { return config; } set { config = value ?? ""; } }

        /// <summary>Whether it looks, and starts, as soon as it is enabled.</summary>
        public bool Autostart { get { return autostart; } set { autostart = value; } }

        /// <summary>The inspector's event of a change.</summary>
        public LaunchEvent OnChanged { get { return onChanged; } }

        /// <summary>How far it is.</summary>
        public LaunchState State { get; private set; }

        /// <summary>Why, in one line.</summary>
        public string Reason { get; private set; } = "";

        /// <summary>The process id of the sidecar that was started here, -1 where none was.</summary>
        public int ProcessId { get { return _process.ProcessId; } }

        /// <summary>Why no program can be started in this build, and what to do; empty where it can.</summary>
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

        /// <summary>What the started sidecar is called with.</summary>
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

        /// <summary>Looks for a sidecar, and starts one where none answers.</summary>
        public void Launch()
        {
            if (State == LaunchState.Looking || State == LaunchState.Starting || _process.IsRunning) return;
#if UNITY_WEBGL && !UNITY_EDITOR
            Fail(Hindrance);
#else
            Look();
            Tell(LaunchState.Looking, "looking for a running sidecar");
#endif
        }

        /// <summary>Ends what was started here; a sidecar that was found is left alone.</summary>
        public void Stop()
        {
            Hang();
            _process.Dispose();
            Tell(LaunchState.Idle, "stopped");
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
            Tell(LaunchState.Starting, "starting the sidecar");
        }

        private void Starting(double waited)
        {
            if (_answered) Found(LaunchState.Started, "the sidecar was started");
            else if (!_process.IsRunning && _process.HasSaidAll) Fail("the sidecar did not start");
            else if (_probe.Link == LinkState.Refused) Fail(_probe.LinkReason);
            else if (waited > StartWithin) Fail("the sidecar does not answer");
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
            Tell(how, why);
        }

        private void Fail(string why)
        {
            Hang();
            string said = _process.Output.Trim();
            _process.Dispose();
            int line = said.IndexOf('\n');
            if (line >= 0) said = said.Substring(0, line);
            Tell(LaunchState.Failed, said.Length > 0 ? why + ": " + said : why);
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

        private void Tell(LaunchState state, string reason)
        {
            if (state == State && reason == Reason) return;
            State = state;
            Reason = reason;
            if (Changed != null) Changed(state, reason);
            onChanged.Invoke(state, reason);
        }
    }
}
