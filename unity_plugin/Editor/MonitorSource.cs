using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio.EditorTools
{
    /// <summary>Source of the monitor: a feed of the running game or, in edit mode, a sidecar.</summary>
    public sealed class MonitorSource : IDisposable
    {
        private readonly Func<double> _clock;
        private readonly AffectFrame _frame = new AffectFrame();
        private SentioFeed _feed;
        private Client _client;

        /// <summary>With a monotonic clock in seconds.</summary>
        public MonitorSource(Func<double> clock)
        {
            _clock = clock;
            States = new Traffic();
            Events = new Traffic();
            Details = new Traffic();
            Log = new List<string>();
        }

        /// <summary>Rate of states.</summary>
        public Traffic States { get; private set; }

        /// <summary>Rate of events.</summary>
        public Traffic Events { get; private set; }

        /// <summary>Rate of details.</summary>
        public Traffic Details { get; private set; }

        /// <summary>The last events, the newest first.</summary>
        public List<string> Log { get; private set; }

        /// <summary>The newest state; null before the first.</summary>
        public AffectFrame Frame { get; private set; }

        /// <summary>The newest detail; null before the first.</summary>
        public Dictionary<string, object> Detail { get; private set; }

        /// <summary>The feed that is shown; null for none.</summary>
        public SentioFeed Feed { get { return _feed; } }

        /// <summary>Whether it is connected to a sidecar without a game.</summary>
        public bool Listens { get { return _client != null; } }

        /// <summary>The link state.</summary>
        public LinkState Link { get { return _feed ? _feed.Link : _client != null ? _client.Link : LinkState.Off; } }

        /// <summary>The reason for the link state.</summary>
        public string Reason { get { return _feed ? _feed.LinkReason : _client != null ? _client.LinkReason : "not connected"; } }

        /// <summary>Seconds from the capture of the newest sample to now; NaN if unknown.</summary>
        public double Latency
        {
            get
            {
                var client = _feed as SentioClient;
                return client ? client.Latency : _client != null ? _client.Latency : double.NaN;
            }
        }

        /// <summary>Counts of dropped and missed messages; 0 for simulators and recordings.</summary>
        public ClientCounters Counters
        {
            get
            {
                var client = _feed as SentioClient;
                return client ? client.Counters : _client != null ? _client.Counters : default(ClientCounters);
            }
        }

        /// <summary>Shows a feed of the running game; null for none.</summary>
        public void Follow(SentioFeed feed)
        {
            if (ReferenceEquals(feed, _feed) && _client == null) return;
            Dispose();
            _feed = feed;
            if (!feed) return;
            feed.Frame += Take;
            feed.Event += Take;
            feed.Detail += Take;
        }

        /// <summary>Connects to a sidecar without a game.</summary>
        internal void Listen(ClientOptions options)
        {
            Dispose();
            _client = new Client(options);
            _client.Frame += Take;
            _client.Event += Take;
            _client.Detail += Take;
        }

        /// <summary>Processes received messages; call it often.</summary>
        public void Poll() { if (_client != null) _client.Drain(); }

        /// <summary>Sends a marker; false if it cannot be sent.</summary>
        public bool Mark(string name)
        {
            if (_feed) return _feed.Mark(name, null);
            return _client != null && !_client.Request("marker", new Dictionary<string, object> { { "name", name } }).Done;
        }

        /// <summary>Disconnects.</summary>
        public void Dispose()
        {
            if (!ReferenceEquals(_feed, null))
            {
                _feed.Frame -= Take;
                _feed.Event -= Take;
                _feed.Detail -= Take;
            }
            if (_client != null) _client.Dispose();
            _feed = null;
            _client = null;
            Frame = null;
            Detail = null;
        }

        private void Take(AffectFrame frame)
        {
            frame.CopyTo(_frame);
            Frame = _frame;
            States.Add(_clock());
        }

        private void Take(Dictionary<string, object> detail)
        {
            Detail = detail;
            Details.Add(_clock());
        }

        private void Take(SentioEvent received)
        {
            Events.Add(_clock());
            Log.Insert(0, received.Kind + "  " + received.Name);
            if (Log.Count > 12) Log.RemoveAt(Log.Count - 1);
        }
    }
}
