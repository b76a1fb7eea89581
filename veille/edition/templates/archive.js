const box=document.getElementById("find"),items=[...document.querySelectorAll(".edition")],told=document.getElementById("told");
const fold=t=>t.normalize("NFD").replace(/\p{M}/gu,"").toLowerCase();
const texts=items.map(i=>fold(i.textContent));
const look=()=>{const words=fold(box.value).split(/\s+/).filter(Boolean);let n=0;
items.forEach((item,k)=>{const found=words.every(w=>texts[k].includes(w));item.hidden=!found;n+=found});
told.textContent=words.length?n+" / "+items.length:""};
document.getElementById("search").hidden=false;box.addEventListener("input",look);look();
