using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Serialization;

namespace Sentio
{
    /// <summary>Additional data of a marker.</summary>
    [Serializable]
    public struct MarkerNote
    {
        /// <summary>Its name.</summary>
        public string Key;

        /// <summary>Its value.</summary>
        public string Value;
    }

    /// <summary>Sends a named marker to a feed, without code: let a UnityEvent call <see cref="Send"/>.</summary>
    /// <remarks>Markers return as events, are kept in recordings, and let the sidecar measure event
    /// responses.</remarks>
    [AddComponentMenu("Sentio/Sentio Marker")]
    public sealed class SentioMarker : MonoBehaviour
    {
        [SerializeField, Tooltip("The feed; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed feed;

        [SerializeField, Tooltip("Name of the marker, such as boss_spawned.")]
        private string marker = "";

        [SerializeField, Tooltip("Additional data.")]
        private MarkerNote[] notes = new MarkerNote[0];

        [SerializeField, FormerlySerializedAs("leastInterval"), Range(0f, 60f), Tooltip("Shortest time between two markers in seconds; earlier ones are not sent, because a response needs time to be measured.")]
        private float minInterval;

        [SerializeField, Tooltip("Sends it on start, for example at the start of a level.")]
        private bool sendOnStart;

        [SerializeField, Tooltip("The marker was sent, or not.")]
        private FlagEvent onSent = new FlagEvent();

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private double _last = double.NegativeInfinity;

        /// <summary>The marker was sent, or not.</summary>
        public event Action<bool> Sent;

        /// <summary>The feed; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Feed { get { return feed; } set { feed = value; } }

        /// <summary>Name of the marker.</summary>
        public string Marker { get { return marker; } set { marker = value ?? ""; } }

        /// <summary>Additional data: what JSON can hold, vectors and colours; takes precedence over the inspector's
        /// notes.</summary>
        public Dictionary<string, object> Data { get; set; }

        /// <summary>Shortest time between two markers in seconds; earlier ones are not sent.</summary>
        public float MinInterval { get { return minInterval; } set { minInterval = value; } }

        /// <summary>The former name of <see cref="MinInterval"/>; to be removed in the next version.</summary>
        [Obsolete("use MinInterval")]
        public float LeastInterval { get { return MinInterval; } set { MinInterval = value; } }

        /// <summary>Whether it is sent on start.</summary>
        public bool SendOnStart { get { return sendOnStart; } set { sendOnStart = value; } }

        /// <summary>The inspector's event of a marker.</summary>
        public FlagEvent OnSent { get { return onSent; } }

        /// <summary>Sends it now, for a UnityEvent; see <see cref="TrySend"/>.</summary>
        public void Send() { TrySend(); }

        /// <summary>Sends it now; false if it could not be sent or came too soon after the last.</summary>
        public bool TrySend()
        {
            double now = Time.realtimeSinceStartupAsDouble;
            // Searches at once: a marker is rare.
            SentioFeed target = _finder.Of(feed, this, double.MaxValue);
            bool taken = target && marker.Length > 0 && now - _last >= minInterval && target.Mark(marker, Noted());
            if (taken) _last = now;
            if (Sent != null) Sent(taken);
            onSent.Invoke(taken);
            return taken;
        }

        private void Start() { if (sendOnStart) TrySend(); }

        private Dictionary<string, object> Noted()
        {
            if (notes.Length == 0) return Data;
            var all = Data == null ? new Dictionary<string, object>() : new Dictionary<string, object>(Data);
            foreach (MarkerNote note in notes)
                if (!string.IsNullOrEmpty(note.Key) && !all.ContainsKey(note.Key)) all[note.Key] = note.Value ?? "";
            return all;
        }
    }
}
