using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Where to record.</summary>
    public enum RecordWhere
    {
        /// <summary>In the sidecar: features and, with consent, raw samples.</summary>
        Sidecar,

        /// <summary>In a frame file: received messages, for <see cref="SentioPlayer"/>.</summary>
        FrameFile,
    }

    /// <summary>A UnityEvent with a boolean and its reason.</summary>
    [Serializable]
    public sealed class ReasonEvent : UnityEvent<bool, string> { }

    /// <summary>Records in the sidecar, or records received messages to a file for
    /// <see cref="SentioPlayer"/>.</summary>
    [AddComponentMenu("Sentio/Sentio Recorder")]
    public sealed class SentioRecorder : MonoBehaviour
    {
        [SerializeField, Tooltip("The client whose sidecar or messages are recorded.")]
        private SentioClient client;

        [SerializeField, Tooltip("The sidecar records samples; a frame file holds received messages.")]
        private RecordWhere where = RecordWhere.Sidecar;

        [SerializeField, Tooltip("For the sidecar: name of a new folder in its recordings folder, not a path. Otherwise the frame file. Empty for a default name, or a file named by date.")]
        private string path = "";

        [SerializeField, Tooltip("Sensors whose raw samples the sidecar records; requires consent for record_raw.")]
        private string[] raw = new string[0];

        [SerializeField, Tooltip("Starts automatically when the client is connected.")]
        private bool autostart;

        [SerializeField, Tooltip("Recording started, stopped or failed; with the reason in one line.")]
        private ReasonEvent onChanged = new ReasonEvent();

        private SentioClient _observed, _written;
        private FrameFileWriter _writer;

        /// <summary>Recording started, stopped or failed; the text is the reason in one line.</summary>
        public event Action<bool, string> Changed;

        /// <summary>The client whose sidecar or messages are recorded.</summary>
        public SentioClient Client
        {
            get { return client; }
            set
            {
                client = value;
                if (isActiveAndEnabled) Listen();
            }
        }

        /// <summary>Where to record.</summary>
        public RecordWhere Where { get { return where; } set { where = value; } }

        /// <summary>Name of a new folder in the sidecar's recordings folder, not a path; or the frame file.</summary>
        public string Path { get { return path; } set { path = value ?? ""; } }

        /// <summary>Sensors whose raw samples the sidecar records.</summary>
        public string[] Raw { get { return raw; } set { raw = value ?? new string[0]; } }

        /// <summary>Whether it starts automatically when the client is connected.</summary>
        public bool Autostart { get { return autostart; } set { autostart = value; } }

        /// <summary>The inspector's event of a change.</summary>
        public ReasonEvent OnChanged { get { return onChanged; } }

        /// <summary>Whether it is recording.</summary>
        public bool Active { get; private set; }

        /// <summary>The reason, in one line.</summary>
        public string Reason { get; private set; } = "";

        /// <summary>Starts; if it is recording, it continues. <see cref="Changed"/> reports the result.</summary>
        public void Begin()
        {
            if (!client) Change(false, "no client is chosen");
            else if (where == RecordWhere.FrameFile) StartFile();
            else client.RecordStart(path, raw).Then(reply => Take(reply, "could not start"));
        }

        /// <summary>Stops; if it is not recording, nothing changes.</summary>
        public void Stop()
        {
            StopFile();
            if (where == RecordWhere.Sidecar && client) client.RecordStop().Then(TakeStop);
        }

        /// <summary>The former name of <see cref="Stop"/>; to be removed in the next version.</summary>
        [Obsolete("use Stop")]
        public void End() { Stop(); }

        private void OnEnable() { Listen(); }

        private void OnDisable()
        {
            StopFile();
            Hang();
        }

        private void Update()
        {
            if (_writer != null && !_writer.IsOpen) StopFile();
        }

        private void Listen()
        {
            Hang();
            _observed = client;
            if (!client) return;
            client.Event += Receive;
            client.LinkStateChanged += Link;
            Link(client.Link, client.LinkReason);
        }

        private void Hang()
        {
            if (!ReferenceEquals(_observed, null))
            {
                _observed.Event -= Receive;
                _observed.LinkStateChanged -= Link;
            }
            _observed = null;
        }

        private void Link(LinkState state, string reason)
        {
            if (autostart && !Active && state == LinkState.Live) Begin();
        }

        // Another program or a full disk may have stopped it.
        private void Receive(SentioEvent received)
        {
            if (received.Kind != "recording" || where != RecordWhere.Sidecar) return;
            client.Request("record", new Dictionary<string, object> { { "action", "status" } })
                .Then(reply => Take(reply, "unknown"));
        }

        private void TakeStop(SentioReply reply)
        {
            if (!reply.Ok && reply.Error.Code == "refused") Change(false, reply.Error.Message);
            else Take(reply, "could not stop");
        }

        private void Take(SentioReply reply, string about)
        {
            if (!this) return;
            if (!reply.Ok)
            {
                Change(Active, about + ": " + reply.Error);
                return;
            }
            Dictionary<string, object> recording = Maps.Child(reply.Body, "recording");
            bool on = Maps.Flag(recording, "active");
            string why = on ? "recording to " + Maps.Text(recording, "folder") : "stopped", lacking = HudText.WithoutRecord(recording);
            Change(on, lacking.Length > 0 ? why + "; " + lacking : why);
        }

        private void StartFile()
        {
            if (_writer != null && _writer.IsOpen && _written) return;
            StopFile();
            string target = path.Length > 0 ? System.IO.Path.Combine(Application.persistentDataPath, path) : FreeName();
            try
            {
                _writer = new FrameFileWriter(target);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is ArgumentException || error is NotSupportedException)
            {
                Change(false, "cannot record to " + target + ": " + error.Message);
                return;
            }
            _written = client;
            _written.MessageObserver += _writer.Write;
            Change(true, "recording to " + target);
        }

        // Named by the time; a second file of the same second has a number.
        private static string FreeName()
        {
            string date = DateTime.Now.ToString("yyyy-MM-ddTHH-mm-ss", CultureInfo.InvariantCulture);
            string start = System.IO.Path.Combine(Application.persistentDataPath, "sentio_" + date), target = start + ".frames";
            for (int number = 2; File.Exists(target); number++)
                target = start + "_" + number.ToString(CultureInfo.InvariantCulture) + ".frames";
            return target;
        }

        private void StopFile()
        {
            if (_writer == null) return;
            if (_written) _written.MessageObserver -= _writer.Write;
            _written = null;
            _writer.Dispose();
            string output = _writer.Problem.Length > 0 ? _writer.Problem : _writer.Count + " messages written";
            _writer = null;
            Change(false, output);
        }

        private void Change(bool active, string reason)
        {
            if (active == Active && reason == Reason) return;
            Active = active;
            Reason = reason;
            if (Changed != null) Changed(active, reason);
            onChanged.Invoke(active, reason);
        }
    }
}
