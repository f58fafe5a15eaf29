using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Sends what the game's own sensors measure to the sidecar: a headset's face and gaze replace a webcam that
    /// the headset covers, and a strap that the game reads speaks for the body.</summary>
    /// <remarks>Takes every <see cref="ISentioSensor"/> on its own object, and those that are added. Nothing is read from
    /// a sensor before the person agreed to it (<see cref="SentioConsent"/>), and nothing is sent while nobody is
    /// connected. Values that are no numbers are left out.</remarks>
    [AddComponentMenu("Sentio/Sentio Sensors")]
    public sealed class SentioSensors : MonoBehaviour
    {
        [SerializeField, Tooltip("Whose sidecar is told; empty takes the client above this, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Range(1f, 120f), Tooltip("Readings a second of each sensor, at most one in a frame.")]
        private float rateHz = 30f;

        private sealed class Sent
        {
            public ISentioSensor Sensor;
            public float[] Values = new float[0];
        }

        private readonly List<Sent> _sent = new List<Sent>();
        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private double _due;

        /// <summary>Whose sidecar is told; null takes the client above this, or any in the scenes.</summary>
        public SentioClient Client { get { return client; } set { client = value; } }

        /// <summary>Readings a second of each sensor.</summary>
        public float RateHz { get { return rateHz; } set { rateHz = value; } }

        /// <summary>Readings that the sidecar took.</summary>
        public int Taken { get; private set; }

        /// <summary>Why the last reading was not taken; empty where it was.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Sends this sensor's readings too.</summary>
        public void Add(ISentioSensor sensor)
        {
            foreach (Sent one in _sent) if (ReferenceEquals(one.Sensor, sensor)) return;
            _sent.Add(new Sent { Sensor = sensor });
        }

        /// <summary>Sends this sensor's readings no more.</summary>
        public void Remove(ISentioSensor sensor) { _sent.RemoveAll(one => ReferenceEquals(one.Sensor, sensor)); }

        /// <summary>The sensor of <c>consent</c> under which a role falls.</summary>
        public static string ConsentOf(string role) { return role == "face" ? "headset" : role == "eeg" ? "eeg" : "body"; }

        private void OnEnable() { foreach (ISentioSensor sensor in GetComponents<ISentioSensor>()) Add(sensor); }

        private void Update()
        {
            _due -= Time.unscaledDeltaTime;
            if (_due > 0) return;
            _due = Math.Max(_due + 1 / Math.Max(rateHz, 1f), 0);
            var told = _finder.Of(client, this, Time.unscaledDeltaTime);
            if (!told || (told.Link != LinkState.Live && told.Link != LinkState.Silent)) return;
            for (int i = 0; i < _sent.Count; i++) if (IsAllowed(told, _sent[i].Sensor.Role)) Send(told, _sent[i]);
        }

        private bool IsAllowed(SentioClient told, string role)
        {
            foreach (object purpose in Maps.List(told.Consent, ConsentOf(role))) if ("adapt".Equals(purpose)) return true;
            return false;
        }

        private void Send(SentioClient told, Sent one)
        {
            string[] channels = one.Sensor.Channels;
            if (one.Values.Length != channels.Length) one.Values = new float[channels.Length];
            if (channels.Length == 0 || !one.Sensor.Read(one.Values)) return;
            foreach (float value in one.Values) if (float.IsNaN(value) || float.IsInfinity(value)) return;
            told.Input(one.Sensor.Stream, one.Sensor.Role, channels, one.Values, 0).Then(Note);
        }

        private void Note(SentioReply reply)
        {
            if (!reply.Ok) Problem = reply.Error.ToString();
            else if (Maps.Flag(reply.Body, "accepted"))
            {
                Taken++;
                Problem = "";
            }
            else Problem = "the person has not agreed to it";
        }
    }
}
