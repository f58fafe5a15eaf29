using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Gaze and blinks: mostly eye contact, with short glances away.</summary>
    public sealed class Gaze
    {
        private const float BlinkSeconds = 0.24f;
        private const float ParadeSeconds = 0.8f;

        private readonly System.Random _random = new System.Random(9);
        private Vector2 _goal;
        private float _until = 1, _blink = 2, _shut, _parade = -1;

        /// <summary>Right (x) and up (y), -1..1.</summary>
        public Vector2 At { get; private set; }

        /// <summary>Shows each of the 52 shapes in turn.</summary>
        public void Parade() { _parade = 0; }

        /// <summary>Advances by some seconds; valence and arousal set eye contact and blink rate.</summary>
        public void Advance(float seconds, Vector2 place)
        {
            if (_parade >= 0) _parade += seconds;
            if (_parade > ParadeSeconds * ArkitShapes.Count) _parade = -1;
            if ((_until -= seconds) <= 0)
            {
                bool looks = Draw() < Mathf.Clamp(0.72f + 0.2f * place.x, 0.4f, 0.95f);
                _goal = looks ? Vector2.zero : new Vector2(1.2f * Draw() - 0.6f, 0.7f * Draw() - 0.35f);
                _until = looks ? 1.5f + 2.5f * Draw() : 0.4f + 0.9f * Draw();
            }
            At += (_goal - At) * (1 - Mathf.Exp(-14 * seconds));
            _shut -= seconds;
            if ((_blink -= seconds) > 0) return;
            _shut = BlinkSeconds;
            _blink = 60 / (13 + 9 * Mathf.Max(place.y, 0)) * (0.5f + Draw());
        }

        /// <summary>Adds what the eyes do to a face's weights.</summary>
        public void Into(Dictionary<string, float> weights)
        {
            if (_parade >= 0)
            {
                weights.Clear();
                weights[ArkitShapes.Name(Mathf.Min((int)(_parade / ParadeSeconds), ArkitShapes.Count - 1))] = 1;
                return;
            }
            // The person's left eye looks out to the left, the right one in.
            weights["eyeLookOutRight"] = weights["eyeLookInLeft"] = Mathf.Max(At.x, 0);
            weights["eyeLookInRight"] = weights["eyeLookOutLeft"] = Mathf.Max(-At.x, 0);
            weights["eyeLookUpLeft"] = weights["eyeLookUpRight"] = Mathf.Max(At.y, 0);
            weights["eyeLookDownLeft"] = weights["eyeLookDownRight"] = Mathf.Max(-At.y, 0);
            if (_shut <= 0) return;
            float shut = Mathf.Sin(Mathf.PI * _shut / BlinkSeconds);
            foreach (string eye in new[] { "eyeBlinkLeft", "eyeBlinkRight" })
            {
                float before;
                weights.TryGetValue(eye, out before);
                weights[eye] = Mathf.Max(before, shut);
            }
        }

        private float Draw() { return (float)_random.NextDouble(); }
    }
}
