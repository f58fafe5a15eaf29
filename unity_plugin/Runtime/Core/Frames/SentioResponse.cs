using System.Collections.Generic;

namespace Sentio
{
    /// <summary>When the answer to a marker was made.</summary>
    public enum ResponsePhase
    {
        /// <summary>Two seconds after the marker: whether the player startled.</summary>
        First,

        /// <summary>After nine seconds, from the whole response.</summary>
        Refined,
    }

    /// <summary>What followed a marker: an event of kind first_response or response, typed (PROTOCOL.md,
    /// section 7).</summary>
    public sealed class SentioResponse
    {
        private SentioResponse() { }

        /// <summary>The marker's name.</summary>
        public string Marker { get; private set; }

        /// <summary>When the marker was, seconds of the feed's clock.</summary>
        public double MarkerTime { get; private set; }

        /// <summary>A refined response replaces the first.</summary>
        public ResponsePhase Phase { get; private set; }

        /// <summary>Whether the response is rarer than 1 in 20 among this person's quiet moments.</summary>
        public bool Detected { get; private set; }

        /// <summary>orienting, defence, startle or empty.</summary>
        public string Pattern { get; private set; }

        /// <summary>Whether it was a startle: sudden, and rarer than 1 in 20.</summary>
        public bool Startled { get { return Detected && Pattern == "startle"; } }

        /// <summary>0..1.</summary>
        public double Reliability { get; private set; }

        /// <summary>The whole map.</summary>
        public Dictionary<string, object> Data { get; private set; }

        /// <summary>The response in an event; null if it is of another kind or malformed.</summary>
        public static SentioResponse FromEvent(SentioEvent received)
        {
            bool first = received.Kind == "first_response";
            Dictionary<string, object> data = first || received.Kind == "response" ? Maps.Child(received.Body, "data") : null;
            if (data == null) return null;
            return new SentioResponse
            {
                Data = data,
                Marker = received.Name ?? "",
                MarkerTime = Maps.Number(data, "marker_time", 0),
                Phase = first ? ResponsePhase.First : ResponsePhase.Refined,
                Detected = Maps.Flag(data, "detected"),
                Pattern = Maps.Text(data, "pattern"),
                Reliability = Maps.Number(data, "reliability", 0),
            };
        }

        /// <summary>Size of a signal's change against quiet moments, a robust z; NaN if unknown.</summary>
        public double Effect(string signal)
        {
            Dictionary<string, object> changes = Maps.Child(Data, "changes");
            Dictionary<string, object> one = changes == null ? null : Maps.Child(changes, signal);
            return one == null ? double.NaN : Maps.Number(one, "effect", double.NaN);
        }
    }
}
