using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Night corridor: a walk in the dark that learns what startles the player.</summary>
    /// <remarks>Each scare is a marker; the first response to it, two seconds later, states whether the player startled.
    /// Light, fog, sound and pace follow how hard it tries. Rails limit them, and Esc always leads out.</remarks>
    [AddComponentMenu("Sentio/Demos/Night Corridor")]
    public sealed class NightCorridor : Demo
    {
        private const string Scare = "enemy_appeared";
        // Metres a second where it holds back and where it tries hardest; length, half width and height of a segment.
        private const float Fast = 1.9f, Slow = 1.1f, Segment = 6f, Half = 1.6f, Tall = 3f;
        private const int Segments = 7;
        private const float FigureSeconds = 1.6f, Glare = 2.2f;
        private const float LeastConfidence = 0.02f;

        private readonly System.Random _random = new System.Random(7);
        private readonly List<Transform> _segments = new List<Transform>();
        private SentioFeed _followed;
        private Transform _figure;
        private Light _lantern;
        private Gloom _gloom;
        private float _walked, _shown, _glare;
        private float _since, _reported = float.NaN;
        private string _reason;

        /// <summary>When scares come and how strong they are.</summary>
        public Dread Dread { get; private set; }

        /// <summary>Number of scares so far.</summary>
        public int Scares { get; private set; }

        /// <summary>Strength of the lantern's light beyond its usual one, 0..1, as the rails allow.</summary>
        public float Light { get; private set; }

        /// <summary>How dark and foggy it is, 0..1, as the rails allow.</summary>
        public float Darkness { get; private set; }

        /// <summary>The scares' strength now, 0..1.</summary>
        public float Demand { get { return Dread.Now; } }

        /// <inheritdoc/>
        protected override string Help { get { return "Keep walking.\n1-5: simulated person.  F freezes, Esc stops."; } }

        /// <inheritdoc/>
        protected override SimulatedScenario Begins { get { return SimulatedScenario.Rest; } }

        /// <inheritdoc/>
        protected override Vector2 Music { get { return new Vector2(0.1f + 0.4f * Darkness, Mathf.Lerp(0.2f, -0.9f, Darkness)); } }

        /// <inheritdoc/>
        protected override void Build()
        {
            Dread = new Dread();
            Dread.Due += Appear;
            Rails.Define("glare", 0, 1, 0);
            Rails.Define("gloom", 0, 1, 0);
            Why.Words = new[] { new SentioWords { What = "scares", Words = "The corridor" }, new SentioWords { What = "freeze", Words = "The corridor" } };
            Why.Excluded = new[] { "glare", "gloom" };
            _gloom = new Gloom(Eye);
            Eye.transform.localPosition = new Vector3(0, 1.65f, 0);
            _lantern = Art.Lamp(LightType.Point, Eye.transform, new Vector3(0.35f, -0.45f, 0.5f), new Color(1f, 0.7f, 0.4f), 0.8f);
            for (int i = 0; i < Segments; i++) _segments.Add(Piece(i * Segment));
            _figure = Art.Shape(PrimitiveType.Capsule, transform, Vector3.zero, new Vector3(0.5f, 0.9f, 0.4f), Art.Paint(new Color(0.55f, 0.52f, 0.5f), 0.1f));
            _figure.gameObject.SetActive(false);
        }

        /// <inheritdoc/>
        protected override void Follow(SentioFeed feed)
        {
            if (_followed) _followed.Response -= Take;
            _followed = feed;
            feed.Response += Take;
        }

        /// <inheritdoc/>
        protected override void Play(float seconds)
        {
            Dread.Adapt = Adaptation;
            Darkness = Rails.Limit("gloom", Mathf.InverseLerp(Dread.Mildest, Dread.Strongest, Demand), seconds);
            _gloom.Show(Darkness);
            if (!Rails.Frozen && Rails.Ended.Length == 0)
            {
                Dread.Advance(seconds, Level);
                Report(seconds);
                Walk(Mathf.Lerp(Fast, Slow, Darkness) * seconds);
            }
            _shown = Mathf.Max(0, _shown - seconds);
            _figure.gameObject.SetActive(_shown > 0);
            _glare = Mathf.Max(0, _glare - 1.2f * seconds);
            Light = Rails.LimitLight("glare", Rails.Limit("glare", _glare, seconds), seconds);
            _lantern.intensity = 0.8f + Glare * Light;
        }

        private void Appear(float strength)
        {
            Scares++;
            _shown = FigureSeconds;
            _figure.localPosition = new Vector3(1.4f * (float)_random.NextDouble() - 0.7f, 0.9f, 3.4f);
            _figure.localScale = new Vector3(0.5f, 0.9f, 0.4f) * (0.75f + 0.35f * strength);
            _glare = strength;
            if (Feed) Feed.Mark(Scare, new Dictionary<string, object> { { "strength", System.Math.Round(strength, 2) } });
        }

        private void Take(SentioResponse answer)
        {
            if (answer.Marker == Scare) Dread.Take(answer);
        }

        // The player's arousal in their own range, or NaN.
        private float Level
        {
            get
            {
                bool known = Feed && Feed.EffectiveConfidence(AffectEntry.ArousalLevel) >= LeastConfidence;
                return known ? Feed.EffectiveValue(AffectEntry.ArousalLevel) : float.NaN;
            }
        }

        // Every new reason, and steps of a tenth; at most one a second.
        private void Report(float seconds)
        {
            _since += seconds;
            bool changed = Dread.Reason != _reason || Mathf.Abs(Demand - _reported) >= 0.1f;
            if (!Feed || !changed || _since < 1) return;
            _since = 0;
            _reason = Dread.Reason;
            _reported = Demand;
            Feed.Report(new SentioAdaptation("scares", Demand, Dread.Reason));
        }

        // Steps move the lantern; the view itself does not bob.
        private void Walk(float metres)
        {
            _walked += metres;
            _lantern.transform.localPosition = new Vector3(0.35f, -0.45f + 0.03f * Mathf.Sin(3.2f * _walked), 0.5f);
            foreach (Transform piece in _segments)
            {
                Vector3 at = piece.localPosition - new Vector3(0, 0, metres);
                if (at.z < -Segment) at += new Vector3(0, 0, Segment * Segments);
                piece.localPosition = at;
            }
        }

        private Transform Piece(float from)
        {
            var piece = new GameObject("Segment").transform;
            piece.SetParent(transform, false);
            piece.localPosition = new Vector3(0, 0, from);
            Material stone = Art.Paint(new Color(0.2f, 0.19f, 0.22f), 0), wood = Art.Paint(new Color(0.24f, 0.14f, 0.09f), 0);
            float middle = Segment / 2;
            Art.Shape(PrimitiveType.Cube, piece, new Vector3(0, -0.05f, middle), new Vector3(2 * Half, 0.1f, Segment), stone);
            Art.Shape(PrimitiveType.Cube, piece, new Vector3(0, Tall, middle), new Vector3(2 * Half, 0.1f, Segment), stone);
            foreach (float side in new[] { -Half, Half })
            {
                Art.Shape(PrimitiveType.Cube, piece, new Vector3(side, Tall / 2, middle), new Vector3(0.1f, Tall, Segment), stone);
                Art.Shape(PrimitiveType.Cube, piece, new Vector3(0.94f * side, Tall / 2, 0), new Vector3(0.25f, Tall, 0.3f), wood);
            }
            Art.Shape(PrimitiveType.Cube, piece, new Vector3(0, Tall - 0.2f, 0), new Vector3(2 * Half, 0.3f, 0.3f), wood);
            Art.Shape(PrimitiveType.Sphere, piece, new Vector3(0, Tall - 0.45f, middle), Vector3.one * 0.2f, _gloom.Glass);
            Light lamp = Art.Lamp(LightType.Point, piece, new Vector3(0, Tall - 0.65f, middle), new Color(1f, 0.6f, 0.32f), 0.55f);
            lamp.range = 4.2f;
            _gloom.Add(lamp);
            return piece;
        }
    }
}
