using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Frustration that lasts over several lines of text began or ended: an event of kind frustration, typed
    /// (PROTOCOL.md, section 7).</summary>
    public sealed class SentioFrustration
    {
        private SentioFrustration() { }

        /// <summary>Whether it began; if not, it ended.</summary>
        public bool Began { get; private set; }

        /// <summary>When, seconds of the feed's clock.</summary>
        public double Time { get; private set; }

        /// <summary>How much, 0..1.</summary>
        public double Level { get; private set; }

        /// <summary>At what most of the anger is aimed: game, people or unclear.</summary>
        public string Target { get; private set; }

        /// <summary>The whole map.</summary>
        public Dictionary<string, object> Data { get; private set; }

        /// <summary>The frustration in an event; null if it is of another kind or malformed.</summary>
        public static SentioFrustration FromEvent(SentioEvent received)
        {
            Dictionary<string, object> data = received.Kind == "frustration" ? Maps.Child(received.Body, "data") : null;
            if (data == null) return null;
            return new SentioFrustration
            {
                Data = data,
                Began = received.Name == "began",
                Time = received.Time,
                Level = Maps.Number(data, "level", 0),
                Target = Maps.Text(data, "target") ?? "unclear",
            };
        }
    }
}
