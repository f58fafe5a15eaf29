using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Mood of a scene: eased affect, neutral if unknown.</summary>
    /// <remarks>Used by colours; pacing uses a director and its rails.</remarks>
    public sealed class Mood
    {
        private const float LeastConfidence = 0.1f;
        private const float EaseSeconds = 1.5f;

        /// <summary>-1..1.</summary>
        public float Valence { get; private set; }

        /// <summary>-1..1.</summary>
        public float Arousal { get; private set; }

        /// <summary>0..1.</summary>
        public float Stress { get; private set; } = 0.3f;

        /// <summary>Whether affect is known.</summary>
        public bool Known { get; private set; }

        /// <summary>Eases towards a feed's state; towards neutral if there is none.</summary>
        public void Follow(SentioFeed feed, float seconds)
        {
            Known = feed && feed.Fresh(AffectEntry.Confidence) >= LeastConfidence;
            float share = 1 - Mathf.Exp(-seconds / EaseSeconds);
            Valence = Mathf.Lerp(Valence, Wanted(feed, AffectEntry.Valence, 0), share);
            Arousal = Mathf.Lerp(Arousal, Wanted(feed, AffectEntry.Arousal, 0), share);
            Stress = Mathf.Lerp(Stress, Wanted(feed, AffectEntry.Stress, 0.3f), share);
        }

        private float Wanted(SentioFeed feed, AffectEntry entry, float neutral)
        {
            float value = Known ? feed.Fresh(entry) : float.NaN;
            return float.IsNaN(value) ? neutral : value;
        }
    }
}
