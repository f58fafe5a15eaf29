using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Where it is recorded.</summary>
    public enum RecordWhere
    {
        /// <summary>In the sidecar: features and, where allowed, raw samples.</summary>
        Sidecar,

        /// <summary>In a frame file of the game's own: only what is heard, for <see cref="SentioPlayer"/>.</summary>
        FrameFile,
    }

    /// <summary>A UnityEvent with a yes or no and its reason.</summary>
    [Serializable]
    public sealed class ReasonEvent : UnityEvent<bool, string> { }

    /// <summary>Records: in the sidecar, with all its samples and consent, or only what is heard here, to a file that
    /// <see cref="SentioPlayer"/> plays.</summary>
    [AddComponentMenu("Sentio/Sentio Recorder")]
    public sealed class SentioRecorder : MonoBehaviour
    {
        [SerializeField, Tooltip("The client whose sidecar records, or whose messages are kept.")]
        private SentioClient client;

        [SerializeField, Tooltip("The sidecar records samples; a frame file needs no disk there.")]
        private RecordWhere where = RecordWhere.Sidecar;

        [SerializeField, Tooltip("The sidecar's folder, or the frame file; empty for the sidecar's choice, or a file named by date.")]
        private string path = "";

        [SerializeField, Tooltip("Sensors whose raw samples the sidecar keeps; the person must have agreed to record_raw.")]
        private string[] raw = new string[0];

        [SerializeField, Tooltip("Starts by itself as soon as the client is connected.")]
        private bool autostart;

        [SerializeField, Tooltip("Recording began, ended, or could not; with one line for a person.")]
        private ReasonEvent onChanged = new ReasonEvent();

        private SentioClient _heard;
        private FrameFileWriter _writer;

        /// <summary>Recording began, ended, or could not; the text is one line for a person.</summary>
        public event Action<bool, string> Changed;

        /// <summary>The client whose sidecar records, or whose messages are kept.</summary>
        public SentioClient Client
        {
            get { return client; }
            set
            {
                client = value;
                if (isActiveAndEnabled) Listen();
            }
        }

        /// <summary>Where it is recorded.</summary>
        public RecordWhere Where { get { return where; } set { where = value; } }

        /// <summary>The sidecar's folder, or the frame file.</summary>
        public string Path { get { return path; } set { path = value ?? ""; } }

        /// <summary>Sensors whose raw samples the sidecar keeps.</summary>
        public string[] Raw { get { return raw; } set { raw = value ?? new string[0]; } }

        /// <summary>Whether it starts by itself as soon as the client is connected.</summary>
        public bool Autostart { get { return autostart; } set { autostart = value; } }

        /// <summary>The inspector's event of a change.</summary>
        public ReasonEvent OnChanged { get { return onChanged; } }

        /// <summary>Whether it records, as far as is known.</summary>
        public bool Active { get; private set; }

        /// <summary>Why it does or does not, in one line.</summary>
        public string Reason { get; private set; } = "";

        /// <summary>Begins; asked twice it goes on. <see cref="Changed"/> tells what came of it.</summary>
        public void Begin()
        {
            if (!client) Tell(false, "no client is chosen");
            else if (where == RecordWhere.FrameFile) BeginFile();
            else client.RecordStart(path, raw).Then(reply => Take(reply, "could not start"));
        }

        /// <summary>Ends; asked twice it has ended.</summary>
        public void Stop()
        {
            EndFile();
            if (where == RecordWhere.Sidecar && client) client.RecordStop().Then(TakeStop);
        }

        /// <summary>The former name of <see cref="Stop"/>; goes with the next version.</summary>
        [Obsolete("use Stop")]
        public void End() { Stop(); }

        private void OnEnable() { Listen(); }

        private void OnDisable()
        {
            EndFile();
            Hang();
        }

        private void Update()
        {
            if (_writer != null && !_writer.IsOpen) EndFile();
        }

        private void Listen()
        {
            Hang();
            _heard = client;
            if (!client) return;
            client.Event += Hear;
            client.LinkStateChanged += Link;
            Link(client.Link, client.LinkReason);
        }

        private void Hang()
        {
            if (!ReferenceEquals(_heard, null))
            {
                _heard.Event -= Hear;
                _heard.LinkStateChanged -= Link;
            }
            _heard = null;
        }

        private void Link(LinkState state, string reason)
        {
            if (autostart && !Active && state == LinkState.Live) Begin();
        }

        // Somebody else may have ended it, and a full disk does.
        private void Hear(SentioEvent told)
        {
            if (told.Kind != "recording" || where != RecordWhere.Sidecar) return;
            client.Request("record", new Dictionary<string, object> { { "action", "status" } })
                .Then(reply => Take(reply, "unknown"));
        }

        private void TakeStop(SentioReply reply)
        {
            if (!reply.Ok && reply.Error.Code == "refused") Tell(false, reply.Error.Message);
            else Take(reply, "could not stop");
        }

        private void Take(SentioReply reply, string about)
        {
            if (!this) return;
            if (!reply.Ok)
            {
                Tell(Active, about + ": " + reply.Error);
                return;
            }
            Dictionary<string, object> recording = Maps.Child(reply.Body, "recording");
            bool on = Maps.Flag(recording, "active");
            Tell(on, on ? "recording to " + Maps.Text(recording, "folder") : "stopped");
        }

        private void BeginFile()
        {
            if (_writer != null && _writer.IsOpen) return;
            string date = DateTime.Now.ToString("yyyy-MM-ddTHH-mm-ss", CultureInfo.InvariantCulture);
            string target = path.Length > 0 ? path : "sentio_" + date + ".frames";
            if (!System.IO.Path.IsPathRooted(target)) target = System.IO.Path.Combine(Application.persistentDataPath, target);
            try
            {
                _writer = new FrameFileWriter(target);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is ArgumentException || error is NotSupportedException)
            {
                Tell(false, "cannot record to " + target + ": " + error.Message);
                return;
            }
            client.MessageObserver = _writer.Write;
            Tell(true, "recording to " + target);
        }

        private void EndFile()
        {
            if (_writer == null) return;
            if (client) client.MessageObserver = null;
            _writer.Dispose();
            string said = _writer.Problem.Length > 0 ? _writer.Problem : _writer.Count + " messages kept";
            _writer = null;
            Tell(false, said);
        }

        private void Tell(bool active, string reason)
        {
            if (active == Active && reason == Reason) return;
            Active = active;
            Reason = reason;
            if (Changed != null) Changed(active, reason);
            onChanged.Invoke(active, reason);
        }
    }
}
