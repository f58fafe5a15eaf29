using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>One more thing to note with a marker.</summary>
    [Serializable]
    public struct MarkerNote
    {
        /// <summary>Its name.</summary>
        public string Key;

        /// <summary>What it was.</summary>
        public string Value;
    }

    /// <summary>Tells the feed what happened in the game, with no code: let a UnityEvent call <see cref="Send"/>.</summary>
    /// <remarks>Markers come back as events, are kept in recordings, and let the sidecar measure how the person
    /// responded.</remarks>
    [AddComponentMenu("Sentio/Sentio Marker")]
    public sealed class SentioMarker : MonoBehaviour
    {
        [SerializeField, Tooltip("The feed that is told; empty takes the feed above this, or any in the scenes.")]
        private SentioFeed feed;

        [SerializeField, Tooltip("What happened, as a name: boss_spawned.")]
        private string marker = "";

        [SerializeField, Tooltip("What else to note.")]
        private MarkerNote[] notes = new MarkerNote[0];

        [SerializeField, Range(0f, 60f), Tooltip("Markers within so many seconds of the last are left out: a response needs some quiet.")]
        private float leastInterval;

        [SerializeField, Tooltip("Tells it on start, as for the beginning of a level.")]
        private bool sendOnStart;

        [SerializeField, Tooltip("The marker was taken, or not.")]
        private FlagEvent onSent = new FlagEvent();

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private double _last = double.NegativeInfinity;

        /// <summary>The marker was taken, or not.</summary>
        public event Action<bool> Sent;

        /// <summary>The feed that is told; null takes the feed above this, or any in the scenes.</summary>
        public SentioFeed Feed { get { return feed; } set { feed = value; } }

        /// <summary>What happened, as a name.</summary>
        public string Marker { get { return marker; } set { marker = value ?? ""; } }

        /// <summary>What else to note: texts, numbers, yes and no; goes before the inspector's notes.</summary>
        public Dictionary<string, object> Data { get; set; }

        /// <summary>Markers within so many seconds of the last are left out.</summary>
        public float LeastInterval { get { return leastInterval; } set { leastInterval = value; } }

        /// <summary>Whether it is told on start.</summary>
        public bool SendOnStart { get { return sendOnStart; } set { sendOnStart = value; } }

        /// <summary>The inspector's event of a marker.</summary>
        public FlagEvent OnSent { get { return onSent; } }

        /// <summary>Tells it now, for a UnityEvent; see <see cref="TrySend"/>.</summary>
        public void Send() { TrySend(); }

        /// <summary>Tells it now; false where nobody took it or it came too soon after the last.</summary>
        public bool TrySend()
        {
            double now = Time.realtimeSinceStartupAsDouble;
            // A search each half second is for what runs each frame; a marker is rare.
            SentioFeed told = _finder.Of(feed, this, double.MaxValue);
            bool taken = told && marker.Length > 0 && now - _last >= leastInterval && told.Mark(marker, Noted());
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
