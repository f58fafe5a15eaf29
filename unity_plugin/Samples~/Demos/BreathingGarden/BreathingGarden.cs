using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The breathing garden: breathe with the orb; as coherence grows, flowers open and the day begins. With
    /// adaptation off it grows with time. Shown in a headset if one is worn.</summary>
    [AddComponentMenu("Sentio/Demos/Breathing Garden")]
    public sealed class BreathingGarden : Demo
    {
        private const float GrowthSeconds = 90f;
        private const float Wither = 0.15f;
        private const float Unadapted = 0.6f;
        private const float LeastGrowth = 0.08f;

        private static readonly string[] Words = { "breathe in", "hold", "breathe out", "rest" };
        private static readonly Color Night = new Color(0.05f, 0.07f, 0.15f);
        private static readonly Color Day = new Color(0.55f, 0.72f, 0.85f);

        private Headset _headset;
        private Meadow _meadow;
        private Transform _orb;
        private Material _pearl;
        private Light _sun, _lamp;
        private float _clock;

        /// <summary>Paces the breath.</summary>
        public SentioBreathing Breathing { get; private set; }

        /// <summary>Growth of the garden, 0..1.</summary>
        public float Growth { get; private set; } = 0.12f;

        /// <summary>Coherence, eased, 0..1.</summary>
        public float Glow { get; private set; } = 0.2f;

        /// <summary>Brightness of the day, 0..1.</summary>
        public float Daylight { get; private set; }

        /// <summary>The orb's diameter, metres.</summary>
        public float OrbSize { get { return _orb.localScale.x; } }

        /// <inheritdoc/>
        protected override string Help
        {
            get { return Words[(int)Breathing.Stage] + (_headset.IsWorn ? "" : "\n1-5: simulated person.  F freezes, Esc stops."); }
        }

        /// <inheritdoc/>
        protected override SimulatedScenario Begins { get { return SimulatedScenario.Recovery; } }

        /// <inheritdoc/>
        protected override Vector2 Music { get { return new Vector2(0.06f + 0.1f * Growth, 0.4f); } }

        /// <inheritdoc/>
        protected override void Build()
        {
            Breathing = gameObject.AddComponent<SentioBreathing>();
            Rails.Define("day", 0, 1, 0.3);
            Why.Excluded = new[] { "day" };
            Rails.Rise = 0.1f;
            _headset = new Headset(Eye.transform, new Vector3(0, 0, -6));
            _meadow = new Meadow(transform);
            _pearl = Art.Paint(new Color(0.75f, 0.85f, 1f), 1);
            _orb = Art.Shape(PrimitiveType.Sphere, transform, new Vector3(0, 1.75f, 0), Vector3.one, _pearl);
            _lamp = Art.Lamp(LightType.Point, _orb, Vector3.zero, new Color(0.8f, 0.85f, 1f), 1);
            _sun = Art.Lamp(LightType.Directional, transform, new Vector3(0, 20, 0), new Color(1f, 0.92f, 0.8f), 0.3f);
            _sun.transform.localRotation = Quaternion.Euler(35, -40, 0);
        }

        /// <inheritdoc/>
        protected override void Follow(SentioFeed feed)
        {
            Breathing.Source = feed;
            feed.Mark("exercise_began", null);
        }

        /// <inheritdoc/>
        protected override void Play(float seconds)
        {
            _clock += seconds;
            float together = Adaptation ? (float.IsNaN(Breathing.Coherence) ? 0 : Breathing.Coherence) : Unadapted;
            if (!Rails.Frozen) Grow(together, seconds);
            Glow = Mathf.Lerp(Glow, together, 1 - Mathf.Exp(-0.8f * seconds));
            Daylight = Rails.Limit("day", 0.8f * Mathf.SmoothStep(0, 1, Growth), seconds);
            _meadow.Show(Growth, Breathing.Volume);
            ShowOrb(seconds);
            Eye.backgroundColor = Rails.LimitColour("sky", Color.Lerp(Night, Day, Daylight), seconds);
            _sun.intensity = 1.3f * Rails.LimitLight("sun", 0.2f + 0.8f * Daylight, seconds);
            RenderSettings.ambientLight = Eye.backgroundColor * 0.8f;
            if (!_headset.Follow()) Eye.transform.localPosition = new Vector3(0.35f * Mathf.Sin(0.11f * _clock), 1.95f, -8.2f);
        }

        private void Grow(float together, float seconds)
        {
            float won = 1.6f * (together - Wither * (1 - together)) * seconds / GrowthSeconds;
            Growth = Mathf.Clamp(Growth + won, LeastGrowth, 1);
        }

        private void ShowOrb(float seconds)
        {
            float full = Breathing.Volume;
            _orb.localScale = Vector3.one * Mathf.Lerp(0.62f, 1.12f, full);
            _orb.localPosition = new Vector3(0, 1.75f + 0.22f * full, 0);
            Art.Tint(_pearl, Color.Lerp(new Color(0.6f, 0.68f, 0.9f), new Color(1f, 0.9f, 0.7f), Glow), 0.6f + 0.8f * Glow);
            _lamp.intensity = 2.4f * Rails.LimitLight("lamp", 0.33f + 0.67f * Glow * (0.6f + 0.4f * full), seconds);
        }

        private void OnDestroy()
        {
            if (Feed) Feed.Mark("exercise_ended", new Dictionary<string, object> { { "growth", Growth } });
        }
    }
}
