using System.Collections.Generic;

namespace Sentio
{
    /// <summary>The person laughed, frowned, yawned, startled or sighed: an event of kind expression, typed
    /// (PROTOCOL.md, section 7).</summary>
    public sealed class SentioExpressionEvent
    {
        private SentioExpressionEvent() { }

        /// <summary>What was shown: laughter, frown, yawn, startle or sigh; later versions may add more.</summary>
        public string Expression { get; private set; }

        /// <summary>When it began, seconds of the feed's clock.</summary>
        public double Time { get; private set; }

        /// <summary>Seconds from then until it was found.</summary>
        public double Since { get; private set; }

        /// <summary>How strongly, 0..1.</summary>
        public double Strength { get; private set; }

        /// <summary>Probability, 0..1; NaN if only a movement was measured.</summary>
        public double Probability { get; private set; }

        /// <summary>Signals that showed a startle: face, head, voice, skin, heart; empty for others.</summary>
        public IReadOnlyList<string> Sources { get; private set; }

        /// <summary>The whole map.</summary>
        public Dictionary<string, object> Data { get; private set; }

        /// <summary>The expression in an event; null if it is of another kind or malformed.</summary>
        public static SentioExpressionEvent FromEvent(SentioEvent received)
        {
            Dictionary<string, object> data = received.Kind == "expression" ? Maps.Child(received.Body, "data") : null;
            if (data == null) return null;
            return new SentioExpressionEvent
            {
                Data = data,
                Expression = received.Name ?? "",
                Time = received.Time,
                Since = Maps.Number(data, "found", received.Time) - received.Time,
                Strength = Maps.Number(data, "strength", 0),
                Probability = Maps.Number(data, "probability", double.NaN),
                Sources = Texts(data),
            };
        }

        private static IReadOnlyList<string> Texts(Dictionary<string, object> data)
        {
            var found = new List<string>();
            foreach (object source in Maps.List(data, "sources")) found.Add(source as string ?? "");
            return found;
        }
    }
}
