using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Sends what the game's own sensors measure to the sidecar: a headset's face and gaze replace a webcam
    /// that the headset covers, and a strap that the game reads speaks for the body.</summary>
    /// <remarks>Takes every <see cref="ISentioSensor"/> on its own object, and those that are added. Nothing is read
    /// from a sensor before the person agreed to it (<see cref="SentioConsent"/>), and nothing is sent while nobody is
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

        [SerializeField, Tooltip("Whose sidecar is target; empty uses a parent's client, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Range(1f, 60f), Tooltip("How often a second each sensor is read, at most once in a frame.")]
        private float rateHz = 30f;

        private sealed class Channel
        {
            public ISentioSensor Sensor;
            public SensorAbout About;
            public float[] Rows;
            public double Last = double.NaN;
            public int Open;
            public bool Stale = true;
        }

        private readonly List<Channel> _channels = new List<Channel>();
        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private double _due;

        /// <summary>Whose sidecar is target; null uses a parent's client, or any in the scenes.</summary>
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
            foreach (Channel one in _channels) if (ReferenceEquals(one.Sensor, sensor)) return;
            _channels.Add(new Channel { Sensor = sensor });
        }

        /// <summary>Sends this sensor's readings no more.</summary>
        public void Remove(ISentioSensor sensor) { _channels.RemoveAll(one => ReferenceEquals(one.Sensor, sensor)); }

        private void OnEnable() { foreach (ISentioSensor sensor in GetComponents<ISentioSensor>()) Add(sensor); }

        private void Update()
        {
            _due -= Time.unscaledDeltaTime;
            if (_due > 0) return;
            _due = Math.Max(_due + 1 / Math.Max(rateHz, 1f), 0);
            SentioClient target = _finder.Of(client, this, 1 / Math.Max(rateHz, 1f));
            bool connected = target && (target.Link == LinkState.Live || target.Link == LinkState.Silent);
            for (int i = 0; i < _channels.Count; i++) Serve(connected ? target : null, _channels[i]);
        }

        private void Serve(SentioClient target, Channel channel)
        {
            SensorAbout about = channel.Sensor.About;
            if (about == null || about.Channels.Length == 0 || about.Channels.Length > MostValues) return;
            if (!target || !IsAllowed(target, about.Consent))
            {
                channel.Stale = true;
                return;
            }
            if (!ReferenceEquals(about, channel.About))
            {
                channel.About = about;
                channel.Rows = new float[MostValues / about.Channels.Length * about.Channels.Length];
                channel.Last = double.NaN;
            }
            if (channel.Stale) Discard(channel);
            int count = channel.Sensor.Read(channel.Rows) * about.Channels.Length;
            if (count <= 0 || channel.Open >= MostOpen) return;
            Send(target, channel, Math.Min(count, channel.Rows.Length));
        }

        // What was measured before the person agreed, or while nobody listened, is nobody's.
        private static void Discard(Channel channel)
        {
            int room = channel.Rows.Length / channel.About.Channels.Length;
            for (int i = 0; i < MostValues && channel.Sensor.Read(channel.Rows) >= room; i++) { }
            channel.Last = double.NaN;
            channel.Stale = false;
        }

        private void Send(SentioClient target, Channel channel, int count)
        {
            var values = new float[count];
            Array.Copy(channel.Rows, values, count);
            foreach (float value in values)
            {
                if (!float.IsNaN(value) && !float.IsInfinity(value)) continue;
                Problem = channel.About.Stream + " gave a value that is no number";
                return;
            }
            double time = Stamp(channel, target.SidecarTime, count / channel.About.Channels.Length);
            channel.Open++;
            target.Input(channel.About.Stream, channel.About.Role, channel.About.Channels, values, channel.About.RateHz, time)
                .Then(reply => Note(channel, reply));
        }

        // A signal's rows come in bursts: they are dated by their own rate, as long as that agrees with the clock.
        private static double Stamp(Channel channel, double now, int rows)
        {
            if (double.IsNaN(now) || channel.About.RateHz <= 0) return now;
            double time = channel.Last + rows / channel.About.RateHz;
            channel.Last = Math.Abs(time - now) <= MostDrift ? time : now;
            return channel.Last;
        }

        private static bool IsAllowed(SentioClient target, string sensor)
        {
            foreach (object purpose in Maps.List(target.Consent, sensor)) if ("adapt".Equals(purpose)) return true;
            return false;
        }

        private void Note(Channel channel, SentioReply reply)
        {
            channel.Open--;
            if (!reply.Ok) Problem = reply.Error.ToString();
            else if (Maps.Flag(reply.Body, "accepted"))
            {
                Taken++;
                Problem = "";
            }
            else Problem = "the sidecar took nothing of " + channel.About.Stream + ": it was not agreed to, or not new";
        }
    }
}
