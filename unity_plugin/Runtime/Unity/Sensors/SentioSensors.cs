using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Sends what the game's own sensors measure to the sidecar: a headset's face and gaze replace a webcam that
    /// the headset covers, and a strap that the game reads speaks for the body.</summary>
    /// <remarks>Takes every <see cref="ISentioSensor"/> on its own object, and those that are added. Nothing is read from
    /// a sensor before the person agreed to it (<see cref="SentioConsent"/>), and nothing is sent while nobody is
    /// connected. A sidecar that falls behind is not flooded: what it has no time for is left out.</remarks>
    [AddComponentMenu("Sentio/Sentio Sensors")]
    public sealed class SentioSensors : MonoBehaviour
    {
        /// <summary>Most requests of one sensor without an answer.</summary>
        private const int MostOpen = 8;

        /// <summary>Most numbers that the sidecar takes in a request (PROTOCOL.md, section 6).</summary>
        private const int MostValues = 512;

        /// <summary>A signal's clock is set anew where it has drifted by so many seconds.</summary>
        private const double MostDrift = 0.25;

        [SerializeField, Tooltip("Whose sidecar is told; empty takes the client above this, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Range(1f, 60f), Tooltip("How often a second each sensor is read, at most once in a frame.")]
        private float rateHz = 30f;

        private sealed class Way
        {
            public ISentioSensor Sensor;
            public SensorAbout About;
            public float[] Rows;
            public double Last = double.NaN;
            public int Open;
            public bool Stale = true;
        }

        private readonly List<Way> _ways = new List<Way>();
        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private double _due;

        /// <summary>Whose sidecar is told; null takes the client above this, or any in the scenes.</summary>
        public SentioClient Client { get { return client; } set { client = value; } }

        /// <summary>How often a second each sensor is read, 1..60.</summary>
        public float RateHz { get { return rateHz; } set { rateHz = value; } }

        /// <summary>Requests that the sidecar took.</summary>
        public int Taken { get; private set; }

        /// <summary>Why the last reading was not taken; empty where it was.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Sends this sensor's readings too.</summary>
        public void Add(ISentioSensor sensor)
        {
            foreach (Way one in _ways) if (ReferenceEquals(one.Sensor, sensor)) return;
            _ways.Add(new Way { Sensor = sensor });
        }

        /// <summary>Sends this sensor's readings no more.</summary>
        public void Remove(ISentioSensor sensor) { _ways.RemoveAll(one => ReferenceEquals(one.Sensor, sensor)); }

        private void OnEnable() { foreach (ISentioSensor sensor in GetComponents<ISentioSensor>()) Add(sensor); }

        private void Update()
        {
            _due -= Time.unscaledDeltaTime;
            if (_due > 0) return;
            _due = Math.Max(_due + 1 / Math.Max(rateHz, 1f), 0);
            SentioClient told = _finder.Of(client, this, 1 / Math.Max(rateHz, 1f));
            bool heard = told && (told.Link == LinkState.Live || told.Link == LinkState.Silent);
            for (int i = 0; i < _ways.Count; i++) Serve(heard ? told : null, _ways[i]);
        }

        private void Serve(SentioClient told, Way way)
        {
            SensorAbout about = way.Sensor.About;
            if (about == null || about.Channels.Length == 0 || about.Channels.Length > MostValues) return;
            if (!told || !IsAllowed(told, about.Consent))
            {
                way.Stale = true;
                return;
            }
            if (!ReferenceEquals(about, way.About))
            {
                way.About = about;
                way.Rows = new float[MostValues / about.Channels.Length * about.Channels.Length];
                way.Last = double.NaN;
            }
            if (way.Stale) Discard(way);
            int count = way.Sensor.Read(way.Rows) * about.Channels.Length;
            if (count <= 0 || way.Open >= MostOpen) return;
            Send(told, way, Math.Min(count, way.Rows.Length));
        }

        // What was measured before the person agreed, or while nobody listened, is nobody's.
        private static void Discard(Way way)
        {
            int room = way.Rows.Length / way.About.Channels.Length;
            for (int i = 0; i < MostValues && way.Sensor.Read(way.Rows) >= room; i++) { }
            way.Last = double.NaN;
            way.Stale = false;
        }

        private void Send(SentioClient told, Way way, int count)
        {
            var values = new float[count];
            Array.Copy(way.Rows, values, count);
            foreach (float value in values)
            {
                if (!float.IsNaN(value) && !float.IsInfinity(value)) continue;
                Problem = way.About.Stream + " gave a value that is no number";
                return;
            }
            double time = Stamp(way, told.SidecarTime, count / way.About.Channels.Length);
            way.Open++;
            told.Input(way.About.Stream, way.About.Role, way.About.Channels, values, way.About.RateHz, time)
                .Then(reply => Note(way, reply));
        }

        // A signal's rows come in bursts: they are dated by their own rate, as long as that agrees with the clock.
        private static double Stamp(Way way, double now, int rows)
        {
            if (double.IsNaN(now) || way.About.RateHz <= 0) return now;
            double time = way.Last + rows / way.About.RateHz;
            way.Last = Math.Abs(time - now) <= MostDrift ? time : now;
            return way.Last;
        }

        private static bool IsAllowed(SentioClient told, string sensor)
        {
            foreach (object purpose in Maps.List(told.Consent, sensor)) if ("adapt".Equals(purpose)) return true;
            return false;
        }

        private void Note(Way way, SentioReply reply)
        {
            way.Open--;
            if (!reply.Ok) Problem = reply.Error.ToString();
            else if (Maps.Flag(reply.Body, "accepted"))
            {
                Taken++;
                Problem = "";
            }
            else Problem = "the sidecar took nothing of " + way.About.Stream + ": it was not agreed to, or not new";
        }
    }
}
