using System.Globalization;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Finds a component's feed if none is set: a parent's, else any in the scenes.</summary>
    internal sealed class FeedFinder<T> where T : SentioFeed
    {
        /// <summary>Seconds between two searches, to limit their cost in a game without a feed.</summary>
        private const double SearchSeconds = 0.5;

        private T _found;
        private double _waited = double.PositiveInfinity;

        /// <summary>Why an entry of a feed is not followed, in one line; empty if it is, with a confidence of at least
        /// <paramref name="threshold"/>.</summary>
        internal static string WaitsFor(SentioFeed feed, AffectEntry entry, float threshold)
        {
            if (!feed) return "no feed in reach: set the source, or add a feed to the scene";
            string name = AffectNames.Of(entry);
            if (feed.Latest == null || feed.Age > SentioFeed.LongestAge)
                return string.Format(CultureInfo.InvariantCulture, "no state for more than {0:0} s: {1}", SentioFeed.LongestAge, feed.LinkReason);
            if (float.IsNaN(feed.EffectiveValue(entry))) return name + " is unknown: the state is '" + feed.Latest.State + "'";
            float sure = feed.EffectiveConfidence(entry);
            if (sure >= threshold) return "";
            return string.Format(CultureInfo.InvariantCulture, "{0} has confidence {1:0.00}, below {2:0.00}", name, sure, threshold);
        }

        internal T Of(T given, Component part, double dt)
        {
            if (given) return given;
            // Destroyed feeds count as none: the next one is searched for.
            if (_found) return _found;
            _waited += Elapsed.Of(dt);
            if (_waited < SearchSeconds) return null;
            _waited = 0;
            _found = part.GetComponentInParent<T>();
            if (!_found) _found = Object.FindAnyObjectByType<T>();
            return _found;
        }
    }
}
