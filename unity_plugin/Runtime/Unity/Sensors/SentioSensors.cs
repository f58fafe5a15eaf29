using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Sends samples of the game's own sensors to the sidecar, such as a headset's face and gaze, or a
    /// heart-rate strap.</summary>
    /// <remarks>Reads every <see cref="ISentioSensor"/> on its own object, and those that are added. A sensor is read
    /// only with the person's consent (<see cref="SentioConsent"/>) and while a sidecar is connected. If the sidecar
    /// falls behind, samples are dropped.</remarks>
    [AddComponentMenu("Sentio/Sentio Sensors")]
    public sealed class SentioSensors : MonoBehaviour
    {
        /// <summary>Most pending requests of one sensor.</summary>
        private const int MostOpen = 8;

        /// <summary>Most values in a request (PROTOCOL.md, section 6).</summary>
        private const int MostValues = 512;

        /// <summary>Largest drift of a signal's clock in seconds before it is reset.</summary>
        private const double MostDrift = 0.25;

        [SerializeField, Tooltip("The client that sends the samples; empty uses a parent's client, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Range(1f, 60f), Tooltip("Reads per second of each sensor, at most one in a frame.")]
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

        /// <summary>The client that sends the samples; null uses a parent's client, or any in the scenes.</summary>
        public SentioClient Client { get { return client; } set { client = value; } }

        /// <summary>Reads per second of each sensor, 1..60.</summary>
        public float RateHz { get { return rateHz; } set { rateHz = value; } }

        /// <summary>Requests that the sidecar accepted.</summary>
        public int Taken { get; private set; }

        /// <summary>Why the last samples were not accepted; empty if they were.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Adds a sensor.</summary>
        public void Add(ISentioSensor sensor)
        {
            foreach (Channel one in _channels) if (ReferenceEquals(one.Sensor, sensor)) return;
            _channels.Add(new Channel { Sensor = sensor });
        }

        /// <summary>Removes a sensor.</summary>
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

        // Samples from before the consent or the connection are discarded.
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
                if (!float.IsInfinity(value)) continue;
                Problem = channel.About.Stream + " gave an infinite value";
                return;
            }
            double time = Stamp(channel, target.SidecarTime, count / channel.About.Channels.Length);
            channel.Open++;
            target.Input(channel.About.Stream, channel.About.Role, channel.About.Channels, values, channel.About.RateHz, time)
                .Then(reply => Note(channel, reply));
        }

        // A signal's rows arrive in bursts: their times follow its rate, as long as that agrees with the clock.
        private static double Stamp(Channel channel, double now, int rows)
        {
            if (double.IsNaN(now) || channel.About.RateHz <= 0) return now;
            double time = channel.Last + rows / channel.About.RateHz;
            channel.Last = Math.Abs(time - now) <= MostDrift ? time : now;
            return channel.Last;
        }

        private static bool IsAllowed(SentioClient target, string sensor)
        {
            return ConsentWords.Reads(target, sensor);
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
            else Problem = "the sidecar accepted no samples of " + channel.About.Stream + ": no consent, or no new samples";
        }
    }
}
