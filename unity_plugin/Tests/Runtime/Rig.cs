using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Sentio.Tests
{
    /// <summary>A feed whose states a test sets.</summary>
    public sealed class HandFeed : SentioFeed
    {
        private readonly AffectFrame _frame = new AffectFrame();

        /// <summary>Seconds since the last state.</summary>
        public double AgeNow;

        /// <summary>Received markers, in order.</summary>
        public readonly List<string> Marked = new List<string>();

        /// <summary>Data of the last marker.</summary>
        public Dictionary<string, object> MarkedWith;

        /// <summary>Reported adaptations: what and why.</summary>
        public readonly List<string> Reported = new List<string>();

        /// <summary>Reported adaptations.</summary>
        public readonly List<SentioAdaptation> Reports = new List<SentioAdaptation>();

        /// <summary>Whether reports are taken.</summary>
        public bool TakesAdaptations = true;

        /// <summary>Whether markers are accepted.</summary>
        public bool Takes = true;

        /// <inheritdoc/>
        public override double Age { get { return AgeNow; } }

        /// <summary>Raises a state with one entry and its confidence.</summary>
        public void Give(AffectEntry entry, float value, float confidence)
        {
            _frame.Set(entry, value);
            _frame.Set(AffectEntry.Confidence, confidence);
            AgeNow = 0;
            Show(_frame);
        }

        /// <summary>Raises a state with one entry and the entry's own confidence.</summary>
        public void GiveSure(AffectEntry entry, float value, float confidence)
        {
            _frame.Set(entry, value);
            _frame.SetEvidence(entry, 0.1f, confidence);
            AgeNow = 0;
            Show(_frame);
        }

        /// <summary>Raises a detail.</summary>
        public void GiveDetail(string key, object value) { ShowDetail(new Dictionary<string, object> { { key, value } }); }

        /// <summary>Raises an event.</summary>
        public void GiveEvent(string kind, string name) { Show(new SentioEvent { Kind = kind, Name = name }); }

        /// <summary>Changes the link.</summary>
        public void GiveLink(LinkState state) { ChangeLink(state, state.ToString()); }

        /// <inheritdoc/>
        public override bool Mark(string name, Dictionary<string, object> data)
        {
            if (Takes) Marked.Add(name);
            MarkedWith = data;
            return Takes;
        }

        /// <summary>The reports about one thing.</summary>
        public List<SentioAdaptation> About(string what) { return Reports.FindAll(one => one.What == what); }

        /// <inheritdoc/>
        protected override bool SendsAdaptations { get { return TakesAdaptations; } }

        /// <inheritdoc/>
        protected override bool SendAdaptation(SentioAdaptation adaptation)
        {
            Reports.Add(adaptation);
            Reported.Add(adaptation.What + ": " + adaptation.Why);
            return true;
        }
    }

    /// <summary>Creates the objects of a test, and destroys them after it.</summary>
    public sealed class Rig : IDisposable
    {
        private readonly List<GameObject> _made = new List<GameObject>();

        /// <summary>A component on its own object; <paramref name="set"/> is called before it awakes.</summary>
        public T Make<T>(Action<T> set = null) where T : Component
        {
            var made = new GameObject(typeof(T).Name);
            made.SetActive(false);
            _made.Add(made);
            var part = made.AddComponent<T>();
            if (set != null) set(part);
            made.SetActive(true);
            return part;
        }

        /// <summary>A renderer whose mesh has these blend shapes.</summary>
        public SkinnedMeshRenderer Face(params string[] shapes)
        {
            var renderer = Make<SkinnedMeshRenderer>();
            var mesh = new Mesh { vertices = new[] { Vector3.zero, Vector3.right, Vector3.up } };
            var still = new Vector3[3];
            foreach (string shape in shapes) mesh.AddBlendShapeFrame(shape, 100f, still, still, still);
            renderer.sharedMesh = mesh;
            return renderer;
        }

        /// <summary>Destroys all objects.</summary>
        public void Dispose()
        {
            foreach (GameObject one in _made) if (one) Object.DestroyImmediate(one);
        }
    }
}
