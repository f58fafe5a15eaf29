using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The companion's expression for a person's affect: mirrored, or a supportive response.</summary>
    /// <remarks>The response shares joy and interest, shows concern and calm at distress, and never mirrors anger.
    /// Faces are prototypes after FACS (Ekman, Friesen and Hager 2002).</remarks>
    public sealed class Reply
    {
        private const float Reach = 0.36f;

        private sealed class Emotion
        {
            public Vector2 Home;
            public bool IsKind;
            public Dictionary<string, float> Face;
        }

        // Valence and arousal of each emotion (after Russell and Mehrabian 1977); * means both sides.
        private static readonly Emotion[] Emotions =
        {
            Of(0, -0.1f, true, "mouthSmile*", 0.12f),
            Of(0.75f, 0.4f, true, "mouthSmile*", 0.95f, "cheekSquint*", 0.7f, "eyeSquint*", 0.3f, "jawOpen", 0.22f),
            Of(0.3f, 0.75f, true, "browInnerUp", 0.8f, "browOuterUp*", 0.85f, "eyeWide*", 0.8f, "jawOpen", 0.5f),
            Of(-0.6f, -0.4f, true, "browInnerUp", 0.95f, "mouthFrown*", 0.8f, "mouthShrugLower", 0.4f, "eyeBlink*", 0.22f),
            Of(-0.55f, 0.6f, false, "browDown*", 1f, "eyeSquint*", 0.5f, "mouthPress*", 0.5f, "mouthFrown*", 0.6f),
            Of(-0.65f, 0.3f, false, "noseSneer*", 0.9f, "mouthUpperUp*", 0.5f, "browDown*", 0.5f, "eyeSquint*", 0.4f),
            Of(-0.6f, 0.75f, false, "mouthFrown*", 0.6f, "browInnerUp", 0.9f, "browOuterUp*", 0.5f, "eyeWide*", 0.9f, "mouthStretch*", 0.7f),
            Of(-0.5f, 0.1f, false, "mouthSmileLeft", 0.5f, "mouthDimpleLeft", 0.6f, "eyeSquint*", 0.2f),
        };

        /// <summary>Whether it mirrors or responds.</summary>
        public bool Mirrors { get; set; } = true;

        /// <summary>Target valence and arousal for the person's.</summary>
        public Vector2 Target(float valence, float arousal)
        {
            if (Mirrors) return new Vector2(valence, arousal);
            if (valence >= 0) return new Vector2(0.2f + 0.8f * valence, 0.75f * arousal);
            float distress = Mathf.Clamp01(-1.6f * valence);
            return new Vector2(0.2f - 0.48f * distress, -0.25f * distress);
        }

        /// <summary>The face's weights at a place, by ARKit's names.</summary>
        public void Weights(Vector2 place, Dictionary<string, float> into)
        {
            into.Clear();
            float total = 1e-6f;
            foreach (Emotion one in Emotions) total += Nearness(one, place);
            foreach (Emotion one in Emotions)
            {
                float share = Nearness(one, place) / total;
                foreach (KeyValuePair<string, float> shape in one.Face)
                {
                    float before;
                    into.TryGetValue(shape.Key, out before);
                    into[shape.Key] = Mathf.Min(before + share * shape.Value, 1);
                }
            }
        }

        private float Nearness(Emotion one, Vector2 place)
        {
            if (!Mirrors && !one.IsKind) return 0;
            Vector2 gap = place - one.Home;
            return Mathf.Exp(-(gap.x * gap.x + gap.y * gap.y) / (Reach * Reach));
        }

        private static Emotion Of(float valence, float arousal, bool kind, params object[] pairs)
        {
            var face = new Dictionary<string, float>();
            for (int i = 0; i < pairs.Length; i += 2)
            {
                var name = (string)pairs[i];
                string[] ends = name.EndsWith("*") ? new[] { "Left", "Right" } : new[] { "" };
                foreach (string end in ends) face[name.TrimEnd('*') + end] = (float)pairs[i + 1];
            }
            return new Emotion { Home = new Vector2(valence, arousal), IsKind = kind, Face = face };
        }
    }
}
