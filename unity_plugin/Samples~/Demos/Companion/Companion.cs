using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The companion: a face that mirrors the player or responds, with gaze and breath. With adaptation off
    /// it idles. With a sidecar it shows the sidecar's expression synthesis.</summary>
    [AddComponentMenu("Sentio/Demos/Companion")]
    public sealed class Companion : Demo
    {
        private const float RequestSeconds = 0.2f;

        private readonly Reply _reply = new Reply();
        private readonly Gaze _gaze = new Gaze();
        private readonly Dictionary<string, float> _weights = new Dictionary<string, float>();
        private SentioReply _sent;
        private Transform _head;
        private Light _key;
        private float _untilRequest, _clock;
        private bool _proposed;

        /// <summary>Applies the weights to the face.</summary>
        public SentioExpression Expression { get; private set; }

        /// <summary>Whether it mirrors or responds.</summary>
        public bool Mirrors { get { return _reply.Mirrors; } set { _reply.Mirrors = value; } }

        /// <summary>Target valence (x) and arousal (y).</summary>
        public Vector2 Place { get; private set; }

        /// <inheritdoc/>
        protected override string Help
        {
            get { return "It " + (Mirrors ? "mirrors" : "answers") + " you.  Tab: let it " + (Mirrors ? "answer" : "mirror") + "\n1-5: simulated person.  F freezes, Esc stops."; }
        }

        /// <inheritdoc/>
        protected override SimulatedScenario Begins { get { return SimulatedScenario.Joy; } }

        /// <inheritdoc/>
        protected override Vector2 Music { get { return new Vector2(Mathf.Clamp(0.12f + 0.25f * Place.y, 0.05f, 0.4f), Place.x); } }

        /// <inheritdoc/>
        protected override void Build()
        {
            Rails.Define("valence", -1, 1);
            Rails.Define("arousal", -1, 1);
            Why.Excluded = new[] { "valence", "arousal" };
            Rails.Rise = Rails.Fall = 0.5f;
            _head = new GameObject("Head").transform;
            _head.SetParent(transform, false);
            var face = _head.gameObject.AddComponent<SkinnedMeshRenderer>();
            face.sharedMesh = FaceMesh.Make();
            face.sharedMaterials = FaceMesh.Paints();
            Expression = gameObject.AddComponent<SentioExpression>();
            Expression.Face = face;
            _key = Art.Lamp(LightType.Directional, transform, new Vector3(2, 4, 4), Color.white, 1.1f);
            _key.transform.localRotation = Quaternion.Euler(30, 200, 0);
            Eye.transform.localPosition = new Vector3(0, 0, 4.2f);
            Eye.transform.localRotation = Quaternion.Euler(0, 180, 0);
            Eye.fieldOfView = 40;
        }

        /// <inheritdoc/>
        protected override void Follow(SentioFeed feed)
        {
            _sent = null;
            _proposed = false;
        }

        /// <inheritdoc/>
        protected override void Play(float seconds)
        {
            _clock += seconds;
            Vector2 wanted = Adaptation && Mood.Known ? _reply.Target(Mood.Valence, Mood.Arousal) : new Vector2(0.3f, -0.1f);
            Place = new Vector2(Rails.Limit("valence", wanted.x, seconds), Rails.Limit("arousal", wanted.y, seconds));
            _gaze.Advance(seconds, Place);
            if (!Propose(seconds)) _reply.Weights(Place, _weights);
            _gaze.Into(_weights);
            Expression.ApplyWeights(_weights);
            float breath = Mathf.Sin(2 * Mathf.PI * (11 + 6 * Mathf.Max(Place.y, 0)) / 60 * _clock);
            _head.localPosition = new Vector3(0, 0.02f * breath, 0);
            _head.localRotation = Quaternion.Euler(-6 * Place.x + 4 * _gaze.At.y, 12 * _gaze.At.x, 0);
            float warm = Mathf.Clamp01(0.5f + 0.6f * Place.x);
            Eye.backgroundColor = Rails.LimitColour("backdrop", Color.Lerp(new Color(0.12f, 0.16f, 0.3f), new Color(0.42f, 0.22f, 0.24f), warm), seconds);
            _key.color = Rails.LimitColour("key", Color.Lerp(new Color(0.86f, 0.92f, 1f), new Color(1f, 0.92f, 0.82f), warm), seconds);
        }

        /// <inheritdoc/>
        protected override void Pressed(KeyCode key) { if (key == KeyCode.Tab) Mirrors = !Mirrors; }

        // The sidecar's expression for the target; false without a sidecar or reply.
        private bool Propose(float seconds)
        {
            var client = Feed as SentioClient;
            if (!client || client.Link != LinkState.Live) return false;
            _untilRequest -= seconds;
            if (_untilRequest > 0 || (_sent != null && !_sent.Done)) return _proposed;
            _untilRequest = RequestSeconds;
            _sent = client.Request("synthesise", new Dictionary<string, object> { { "valence", Place.x }, { "arousal", Place.y }, { "dominance", 0.2f * Place.x } });
            _sent.Then(Take);
            return _proposed;
        }

        private void Take(SentioReply answer)
        {
            Dictionary<string, object> shapes = answer.Ok ? Maps.Child(Maps.Child(answer.Body, "response"), "blendshapes") : null;
            if (shapes == null || !ReferenceEquals(answer, _sent)) return;
            _weights.Clear();
            foreach (string name in shapes.Keys) _weights[name] = (float)Maps.Number(shapes, name, 0);
            _proposed = true;
        }

        [ContextMenu("Show each shape in turn")]
        private void ShowEach() { _gaze.Parade(); }
    }
}
