using System.Collections.Generic;

namespace Sentio
{
    /// <summary>A dimension has clearly changed: an event of kind change, typed (PROTOCOL.md, section 7).</summary>
    public sealed class SentioChange
    {
        private SentioChange() { }

        /// <summary>What moved: arousal, stress, valence ...</summary>
        public string Dimension { get; private set; }

        /// <summary>Whether it rose.</summary>
        public bool Up { get; private set; }

        /// <summary>When it began, seconds of the feed's clock.</summary>
        public double Time { get; private set; }

        /// <summary>Seconds from then until it was found.</summary>
        public double Since { get; private set; }

        /// <summary>The dimension before the change.</summary>
        public double Before { get; private set; }

        /// <summary>The dimension after the change.</summary>
        public double After { get; private set; }

        /// <summary>Probability that it moved, 0..1.</summary>
        public double Probability { get; private set; }

        /// <summary>The whole map.</summary>
        public Dictionary<string, object> Data { get; private set; }

        /// <summary>The change in an event; null if it is of another kind or malformed.</summary>
        public static SentioChange FromEvent(SentioEvent received)
        {
            Dictionary<string, object> data = received.Kind == "change" ? Maps.Child(received.Body, "data") : null;
            if (data == null) return null;
            return new SentioChange
            {
                Data = data,
                Dimension = received.Name ?? "",
                Up = Maps.Text(data, "direction") == "up",
                Time = received.Time,
                Since = Maps.Number(data, "found", received.Time) - received.Time,
                Before = Maps.Number(data, "from", double.NaN),
                After = Maps.Number(data, "to", double.NaN),
                Probability = Maps.Number(data, "probability", 0),
            };
        }
    }
}
