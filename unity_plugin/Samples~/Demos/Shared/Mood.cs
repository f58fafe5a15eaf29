using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Mood of a scene: eased affect, neutral if unknown.</summary>
    /// <remarks>Used by colours; pacing uses a director and its rails.</remarks>
    public sealed class Mood
    {
        private const float EaseSeconds = 1.5f;

        /// <summary>-1..1, in the player's own range, as all of it.</summary>
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
            Known = feed && feed.EffectiveConfidence(AffectEntry.ArousalLevel) > 0;
            float share = 1 - Mathf.Exp(-seconds / EaseSeconds);
            Valence = Mathf.Lerp(Valence, 2 * Wanted(feed, AffectEntry.ValenceLevel, 0.5f) - 1, share);
            Arousal = Mathf.Lerp(Arousal, 2 * Wanted(feed, AffectEntry.ArousalLevel, 0.5f) - 1, share);
            Stress = Mathf.Lerp(Stress, Wanted(feed, AffectEntry.StressLevel, 0.3f), share);
        }

        private float Wanted(SentioFeed feed, AffectEntry entry, float neutral)
        {
            float value = feed && feed.EffectiveConfidence(entry) > 0 ? feed.EffectiveValue(entry) : float.NaN;
            return float.IsNaN(value) ? neutral : value;
        }
    }
}
