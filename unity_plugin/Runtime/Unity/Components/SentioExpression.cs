using System;
using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Serialization;

namespace Sentio
{
    /// <summary>A shape with another name in the mesh.</summary>
    [Serializable]
    public struct ShapeName
    {
        /// <summary>ARKit's name.</summary>
        public string Arkit;

        /// <summary>The mesh's name.</summary>
        public string Mesh;
    }

    /// <summary>Applies the sidecar's expression synthesis to a face with ARKit's 52 blend shapes.</summary>
    /// <remarks>Pass the <c>response</c> of <see cref="SentioClient.Synthesise"/> to <see cref="Apply"/>. Weights rise
    /// quickly and fall slowly; shapes that the mesh lacks are ignored, and so are prefixes, underscores and L/R
    /// endings of the mesh's names.</remarks>
    [AddComponentMenu("Sentio/Sentio Expression")]
    public sealed class SentioExpression : MonoBehaviour
    {
        private const float MeshScale = 100f;

        [SerializeField, Tooltip("Whether the face follows responses; if not, it relaxes.")]
        private bool adapt = true;

        [SerializeField, Tooltip("The face: a skinned mesh with blend shapes by ARKit's names.")]
        private SkinnedMeshRenderer face;

        [SerializeField, Tooltip("Names that differ in the mesh.")]
        private ShapeName[] names = new ShapeName[0];

        [SerializeField, Range(0f, 2f), Tooltip("Factor on all weights.")]
        private float strength = 1f;

        [SerializeField, FormerlySerializedAs("most"), Range(0f, 1f), Tooltip("Largest weight: extreme weights look unnatural.")]
        private float maxWeight = 0.9f;

        [SerializeField, Range(0f, 5f), Tooltip("Time constant of rising weights, seconds.")]
        private float attack = 0.12f;

        [SerializeField, Range(0f, 5f), Tooltip("Time constant of falling weights, seconds.")]
        private float release = 0.35f;

        private readonly ExpressionBlend _blend = new ExpressionBlend(ArkitShapes.Count);
        private readonly double[] _wanted = new double[ArkitShapes.Count];
        private readonly double[] _goal = new double[ArkitShapes.Count];
        private int[] _places;

        /// <summary>A response was applied; its posture, gaze, prosody, light and music are for the game to
        /// use.</summary>
        public event Action<Dictionary<string, object>> Applied;

        /// <summary>Whether the face follows responses; if not, it relaxes.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <summary>The face: a skinned mesh with blend shapes.</summary>
        public SkinnedMeshRenderer Face { get { return face; } set { face = value; _places = null; } }

        /// <summary>Names that differ in the mesh.</summary>
        public ShapeName[] Names { get { return names; } set { names = value; _places = null; } }

        /// <summary>Factor on all weights.</summary>
        public float Strength { get { return strength; } set { strength = value; } }

        /// <summary>Largest weight, 0..1.</summary>
        public float MaxWeight { get { return maxWeight; } set { maxWeight = value; } }

        /// <summary>The former name of <see cref="MaxWeight"/>; to be removed in the next version.</summary>
        [Obsolete("use MaxWeight")]
        public float Most { get { return MaxWeight; } set { MaxWeight = value; } }

        /// <summary>Time constant of rising weights, seconds.</summary>
        public float Attack { get { return attack; } set { attack = value; } }

        /// <summary>Time constant of falling weights, seconds.</summary>
        public float Release { get { return release; } set { release = value; } }

        /// <summary>The last response; null before the first.</summary>
        public Dictionary<string, object> Response { get; private set; }

        /// <summary>How many of ARKit's shapes the mesh has.</summary>
        public int KnownShapes
        {
            get
            {
                Find();
                int known = 0;
                foreach (int place in _places) if (place >= 0) known++;
                return known;
            }
        }

        /// <summary>What is wrong with the face; empty if nothing is.</summary>
        public string Problem
        {
            get
            {
                if (!face || !face.sharedMesh) return "Choose the face: a SkinnedMeshRenderer with blend shapes.";
                return KnownShapes == 0 ? face.name + " has none of ARKit's blend shapes." : "";
            }
        }

        /// <summary>Applies the map <c>response</c> of a reply to <c>synthesise</c>.</summary>
        public void Apply(Dictionary<string, object> response)
        {
            object shapes = null;
            Response = response;
            if (response != null) response.TryGetValue("blendshapes", out shapes);
            Clear();
            var weights = shapes as Dictionary<string, object>;
            if (weights != null)
                foreach (KeyValuePair<string, object> entry in weights)
                    if (entry.Value is double || entry.Value is long) SetTarget(entry.Key, Convert.ToDouble(entry.Value));
            if (Applied != null) Applied(response);
        }

        /// <summary>Applies weights by ARKit's names, 0..1; other weights fade out.</summary>
        public void ApplyWeights(IDictionary<string, float> weights)
        {
            Clear();
            foreach (KeyValuePair<string, float> entry in weights) SetTarget(entry.Key, entry.Value);
        }

        /// <summary>Relaxes the face.</summary>
        public void Clear() { Array.Clear(_wanted, 0, _wanted.Length); }

        /// <summary>The current weight of an ARKit shape, 0..1.</summary>
        public float Weight(string arkit)
        {
            int shape = ArkitShapes.IndexOf(arkit);
            return shape < 0 ? 0f : (float)_blend[shape];
        }

        /// <summary>Advances by some seconds; called by <c>LateUpdate</c>, after animations.</summary>
        public void Advance(float seconds)
        {
            if (!face || !face.sharedMesh) return;
            Find();
            _blend.Attack = attack;
            _blend.Release = release;
            _blend.Most = maxWeight;
            for (int i = 0; i < _goal.Length; i++) _goal[i] = adapt && _places[i] >= 0 ? strength * _wanted[i] : 0;
            _blend.Step(seconds, _goal);
            for (int i = 0; i < _places.Length; i++)
                if (_places[i] >= 0) face.SetBlendShapeWeight(_places[i], MeshScale * (float)_blend[i]);
        }

        private void LateUpdate() { Advance(Time.deltaTime); }

        private void OnValidate() { _places = null; }

        private void SetTarget(string arkit, double weight)
        {
            int shape = ArkitShapes.IndexOf(arkit);
            if (shape >= 0) _wanted[shape] = weight;
        }

        private void Find()
        {
            if (_places != null) return;
            _places = new int[ArkitShapes.Count];
            for (int i = 0; i < _places.Length; i++) _places[i] = -1;
            Mesh mesh = face ? face.sharedMesh : null;
            if (!mesh) return;
            for (int at = 0; at < mesh.blendShapeCount; at++)
            {
                int shape = ArkitShapes.Find(mesh.GetBlendShapeName(at));
                if (shape >= 0) _places[shape] = at;
            }
            foreach (ShapeName name in names)
            {
                int shape = ArkitShapes.IndexOf(name.Arkit);
                if (shape >= 0) _places[shape] = mesh.GetBlendShapeIndex(name.Mesh);
            }
        }
    }
}
